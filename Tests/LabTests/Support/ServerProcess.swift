import Foundation
import Glibc
import RoadsteadBasics
import RoadsteadTestKit
import Synchronization

/// A real `roadstead serve` with a folder of its own, and command lines that are logged in to it.
final class ServerProcess: Sendable {
    /// Made anew for each run of the tests.
    static let password = "Aa1_" + UUID().uuidString

    let folder: TemporaryDirectory
    let data: String
    let port: Int
    /// Beside this process's own.
    private let settings: [String: String]
    private let process = Mutex<Process?>(nil)

    var url: String { "http://127.0.0.1:\(port)" }
    var log: String { (try? String(contentsOfFile: folder.file("server.log"), encoding: .utf8)) ?? "" }

    init(folder: TemporaryDirectory, data: String? = nil, settings: [String: String] = [:]) throws {
        self.folder = folder
        self.settings = settings
        self.data = data ?? folder.file("data")
        port = try Self.freePort()
    }

    /// Runs `body` with a server that answers and a command line that is logged in; both are gone afterwards. `settings`: the
    /// server's variables.
    static func with(
        settings: [String: String] = [:], _ body: (ServerProcess) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.run { folder in
            let server = try ServerProcess(folder: folder, settings: settings)
            defer { server.kill(SIGKILL) }
            try await server.start()
            try await server.login()
            try await body(server)
        }
    }

    /// Starts it, also again after it was killed, and returns when it answers.
    func start() async throws {
        let process = Program.make(
            Program.roadstead, ["serve", "--data", data, "--listen", "127.0.0.1:\(port)"],
            settings.merging(["ROADSTEAD_ADMIN_PASSWORD": Self.password]) { $1 }, nil)
        let log = folder.file("server.log")
        try process.redirect(input: nil, output: log, errors: log, in: folder)
        try process.run()
        self.process.withLock { $0 = process }
        for _ in 0..<600 {
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
        _ arguments: [String], environment: [String: String] = [:], input: String? = nil, directory: String? = nil,
        timeout: Duration = .seconds(180)
    ) async throws -> ProgramResult {
        try await Program.run(
            Program.roadstead, arguments, environment: self.environment.merging(environment) { $1 }, input: input,
            directory: directory, timeout: timeout)
    }

    /// The same in a terminal of its own, where `typed` is typed; what it shows is the output, errors too.
    func terminal(_ command: String, typed: String, directory: String) async throws -> ProgramResult {
        try await Program.run(
            "/usr/bin/script", ["-qec", Program.roadstead + " " + command, "/dev/null"],
            environment: environment.merging(["SHELL": "/bin/sh", "TERM": "dumb"]) { $1 }, input: typed,
            directory: directory)
    }

    private var environment: [String: String] { ["XDG_CONFIG_HOME": folder.path, "NO_COLOR": "1"] }

    /// HTTP status and body of a request made with curl, so that not our own client is the judge.
    func http(_ path: String, _ arguments: [String] = []) async throws -> (status: Int, body: String) {
        let jar = folder.file("cookies")
        let fixed = ["-sS", "-m", "60", "-b", jar, "-c", jar, "-w", "\n%{http_code}"]
        let result = try await Program.run("/usr/bin/curl", fixed + arguments + [url + "/api/" + path])
        let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
        return (Int(lines.last ?? "") ?? 0, lines.dropLast().joined(separator: "\n"))
    }

    /// Logs curl in as admin, for `http`.
    func loginForHTTP() async throws {
        let path = folder.file("session.json")
        let body: JSONValue = [
            "template": ["href": "session-template/password", "username": "admin", "password": .string(Self.password)]
        ]
        try body.text().write(toFile: path, atomically: true, encoding: .utf8)
        let answer = try await http("session", ["-H", "Content-Type: application/json", "-d", "@" + path])
        guard answer.status == 201 else { throw RoadsteadError(.unauthenticated, answer.body) }
    }

    private func answers() async -> Bool { (try? await http("cloud-entry-point"))?.status == 200 }

    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic -> Int in
                guard bind(descriptor, generic, length) == 0, getsockname(descriptor, generic, &length) == 0 else {
                    return 0
                }
                return Int(UInt16(bigEndian: pointer.pointee.sin_port))
            }
        }
        guard port > 0 else { throw RoadsteadError(.unavailable, "no free port on 127.0.0.1") }
        return port
    }
}
