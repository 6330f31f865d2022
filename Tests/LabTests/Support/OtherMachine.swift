import Foundation
import RoadsteadBasics
import RoadsteadTestKit

/// A host of the lab with the debug binary and its libraries in a folder of its own: another machine, which has nothing
/// of ours otherwise.
struct OtherMachine {
    let lab: LabHosts
    let host: String
    let folder: String

    /// Copies the binary over ssh, runs `body`, and leaves nothing behind.
    static func with(_ lab: LabHosts, host: String, _ body: (OtherMachine) async throws -> Void) async throws {
        let machine = OtherMachine(lab: lab, host: host, folder: "/root/roadstead-" + UUID().uuidString)
        do {
            try await machine.copyProgram()
            try await body(machine)
        } catch {
            _ = try? await machine.run("rm -rf \(machine.folder)")
            throw error
        }
        try await machine.run("rm -rf \(machine.folder)")
    }

    /// Runs a shell command over ssh and answers its output; throws when it fails.
    @discardableResult
    func run(_ command: String, input: String? = nil) async throws -> String {
        let script = Program.repository.appending(path: "Lab/lab").path
        let result = try await Program.run(
            script, ["ssh", host, command], environment: ["LAB_NAME": lab.name], input: input)
        guard result.status == 0 else { throw RoadsteadError(.unavailable, "\(command): \(result.transcript)") }
        return result.output
    }

    /// Runs `roadstead` there.
    @discardableResult
    func roadstead(_ arguments: String, input: String? = nil) async throws -> String {
        try await run("\(program) \(arguments)", input: input)
    }

    private var program: String { "LD_LIBRARY_PATH=\(folder)/lib \(folder)/lib/roadstead" }

    /// Copies a file, whatever its name, to one in the folder.
    func copy(_ path: String, to name: String) async throws {
        try await shell("cat '\(path)' | \(remote) \"umask 077; cat > \(folder)/\(name)\"")
    }

    /// Starts a server on a port that is free there, and answers its address from here and its process.
    func serve(data: String) async throws -> (address: String, process: Int) {
        let pid = try await run(
            "cd \(folder); \(program) serve --data \(data) --listen 0.0.0.0:0 > log 2>&1 < /dev/null & echo $!")
        guard let process = Int(pid.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw RoadsteadError(.internal, "no process id in '\(pid)'")
        }
        for _ in 0..<100 {
            let log = try await run("cat \(folder)/log")
            if let port = log.firstMatch(of: /http:\/\/0\.0\.0\.0:(\d+)/)?.output.1 {
                return ("http://\(try lab.address(host)):\(port)", process)
            }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw RoadsteadError(.timeout, "the server on \(host) said: \(try await run("cat \(folder)/log"))")
    }

    /// The dynamic libraries go along, but for those of C, which the host has.
    private func copyProgram() async throws {
        let listed = try await Program.run("/usr/bin/ldd", [Program.roadstead]).output
        let libraries = listed.split(separator: "\n").compactMap { line in
            line.firstMatch(of: /=> (\/\S+)/).map { String($0.output.1) }
        }.filter { !$0.contains("/libc.so") && !$0.contains("/libm.so") }
        let files = ([Program.roadstead] + libraries).map { "'\($0)'" }.joined(separator: " ")
        // By their names alone: a library may stand behind a link.
        try await shell(
            "tar -cP --dereference --transform 's|.*/||' \(files) | \(remote) \"mkdir -p \(folder)/lib; tar -x -C \(folder)/lib\""
        )
    }

    private var remote: String {
        "LAB_NAME=\(lab.name) \(Program.repository.appending(path: "Lab/lab").path) ssh \(host)"
    }

    private func shell(_ command: String) async throws {
        let result = try await Program.run("/bin/bash", ["-o", "pipefail", "-c", command])
        guard result.status == 0 else { throw RoadsteadError(.unavailable, result.transcript) }
    }
}
