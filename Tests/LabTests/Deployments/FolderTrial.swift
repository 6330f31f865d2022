import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// A folder with a Compose file, and the command line run in it against a real server with the lab's Swarm as `swarm`.
struct FolderTrial: Sendable {
    let server: ServerProcess
    let lab: LabHosts
    let path: String
    let image: String
    /// For every command.
    var environment: [String: String] = [:]

    /// The folder is called `name`, and so is its deployment. What is left of it on the Swarm goes at the end.
    static func run(_ name: String, _ body: (FolderTrial) async throws -> Void) async throws {
        let lab = try LabHosts.required()
        let image = try lab.registry().image("busybox:1")
        try await ServerProcess.with { server in
            try await server.addLab(lab)
            let trial = try FolderTrial(server: server, lab: lab, name: name, image: image)
            do { try await body(trial) } catch {
                await trial.clean()
                throw error
            }
            await trial.clean()
        }
    }

    init(server: ServerProcess, lab: LabHosts, name: String, image: String) throws {
        (self.server, self.lab, self.image) = (server, lab, image)
        path = server.folder.file(name)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// Another folder at the same server.
    func beside(_ name: String) throws -> FolderTrial {
        try FolderTrial(server: server, lab: lab, name: name, image: image)
    }

    /// `IMAGE` in a Compose text stands for the lab's.
    func write(_ file: String, _ text: String) throws {
        try text.replacing("IMAGE", with: image).write(toFile: path + "/" + file, atomically: true, encoding: .utf8)
    }

    func cli(_ arguments: String...) async throws -> ProgramResult {
        try await server.cli(arguments, environment: environment, directory: path)
    }

    /// Runs a command that must end with `status`, and answers what it wrote.
    @discardableResult
    func expect(
        _ status: Int32, _ arguments: String..., location: SourceLocation = #_sourceLocation
    ) async throws -> ProgramResult {
        let result = try await server.cli(arguments, environment: environment, directory: path)
        #expect(
            result.status == status,
            "\(arguments.joined(separator: " ")): \(result.transcript)\n\(server.log.suffix(3000))",
            sourceLocation: location)
        return result
    }

    /// The documents that a listing answers.
    func documents(_ arguments: String..., location: SourceLocation = #_sourceLocation) async throws -> [JSONValue] {
        let result = try await server.cli(arguments + ["-o", "json"], directory: path)
        #expect(result.status == 0, "\(arguments): \(result.transcript)", sourceLocation: location)
        return try JSONValue.parse(result.output).arrayValue ?? []
    }

    private func clean() async {
        let listed = try? await server.cli(["deployment", "ls", "-q"])
        for id in listed?.output.split(separator: "\n").map(String.init) ?? [] {
            _ = try? await server.cli(["deployment", "rm", id, "--stop"])
        }
    }
}
