import Foundation
import RoadsteadBasics
import Glibc
import Synchronization

/// A real `roadstead serve` in a folder of its own, with a command line that is logged in to it.
final class ServerProcess: Sendable {
    static let password = "Lab_pass" + "word1"

    let folder: TemporaryFolder
    let port: Int
    private let process = Mutex<Process?>(nil)

    var url: String { "http://127.0.0.1:\(port)" }
    var data: String { folder.url.appending(path: "data").path }
    var log: String {
        (try? String(contentsOf: folder.url.appending(path: "server.log"), encoding: .utf8)) ?? ""
    }

    init() throws {
        folder = try TemporaryFolder()
        port = try Self.freePort()
    }

    /// Runs `body` with a server that answers and a command line that is logged in; both are gone afterwards.
    static func with<Value>(_ body: (ServerProcess) async throws -> Value) async throws -> Value {
        let server = try ServerProcess()
        do {
            try await server.start()
            try await server.login()
            let value = try await body(server)
            server.kill(SIGKILL)
            server.folder.remove()
            return value
        } catch {
            server.kill(SIGKILL)
            server.folder.remove()
            throw error
        }
    }

    /// Starts it, also again after it was killed, and returns when it answers.
    func start() async throws {
        let process = try Program.make(
            Program.roadstead, ["serve", "--data", data, "--listen", "127.0.0.1:\(port)"],
            ["ROADSTEAD_ADMIN_PASSWORD": Self.password], nil)
        let log = folder.url.appending(path: "server.log")
        try process.redirect(input: nil, output: log, errors: log, in: folder.url)
        try process.run()
        self.process.withLock { $0 = process }
        for _ in 0..<400 {
            if await answers() { return }
            guard process.isRunning else { break }
            try await Task.sleep(for: .milliseconds(25))
        }
        throw RoadsteadError(.unavailable, "the server did not answer; its log:\n\(self.log)")
    }

    /// Sends a signal and waits until the process is gone.
    func kill(_ signal: Int32) {
        process.withLock { process in
            guard let running = process, running.isRunning else { return }
            Glibc.kill(running.processIdentifier, signal)
            running.waitUntilExit()
            process = nil
        }
    }

    func login() async throws {
        let result = try await cli(["login", url, "--user", "admin", "--password-stdin"], input: Self.password)
        guard result.status == 0 else { throw RoadsteadError(.unauthenticated, result.transcript) }
    }

    /// Runs the command line against this server.
    func cli(
        _ arguments: [String], input: String? = nil, directory: URL? = nil, timeout: Duration = .seconds(180)
    ) async throws -> ProgramResult {
        try await Program.run(
            Program.roadstead, arguments,
            environment: ["XDG_CONFIG_HOME": folder.url.path, "NO_COLOR": "1"], input: input, directory: directory,
            timeout: timeout)
    }

    /// HTTP status and body of a request made with curl, so that not our own client is the judge.
    func http(_ arguments: [String]) async throws -> (status: Int, body: String) {
        let result = try await Program.run("/usr/bin/curl", ["-sS", "-w", "\n%{http_code}"] + arguments)
        let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
        return (Int(lines.last ?? "") ?? 0, lines.dropLast().joined(separator: "\n"))
    }

    private func answers() async -> Bool {
        let answer = try? await http(["-m", "2", url + "/api/cloud-entry-point"])
        return answer?.status == 200
    }

    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic -> UInt16? in
                guard bind(descriptor, generic, length) == 0, getsockname(descriptor, generic, &length) == 0 else {
                    return nil
                }
                return UInt16(bigEndian: pointer.pointee.sin_port)
            }
        }
        guard let port else { throw RoadsteadError(.unavailable, "no free port on 127.0.0.1") }
        return Int(port)
    }
}
