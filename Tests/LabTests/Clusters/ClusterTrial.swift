import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// A server, bare hosts of its own, and the command line that makes clusters of them. Afterwards all of it is gone.
struct ClusterTrial: Sendable {
    let server: ServerProcess
    let hosts: HostTrial
    /// Docker's folder, so that contexts of this machine's user are left alone.
    let docker: String

    static func run(
        _ names: [String], layer: String? = nil, _ body: (ClusterTrial) async throws -> Void
    ) async throws {
        try await HostTrial.run(names, layer: layer) { hosts in
            try await ServerProcess.with { server in
                try await body(
                    ClusterTrial(server: server, hosts: hosts, docker: server.folder.file("docker")))
            }
        }
    }

    var key: String { hosts.lab.userKeyFile }

    func address(_ host: String) throws -> String { try hosts.lab.address(host) }

    func cli(_ arguments: [String], environment: [String: String] = [:]) async throws -> ProgramResult {
        try await server.cli(
            arguments, environment: ["DOCKER_CONFIG": docker].merging(environment) { $1 }, timeout: .seconds(600))
    }

    /// Runs a command that must end with `status`.
    @discardableResult
    func expect(
        _ status: Int32, _ arguments: String..., environment: [String: String] = [:],
        location: SourceLocation = #_sourceLocation
    ) async throws -> ProgramResult {
        let result = try await cli(arguments, environment: environment)
        #expect(
            result.status == status,
            "\(arguments.joined(separator: " ")): \(result.transcript)\n\(server.log.suffix(3000))",
            sourceLocation: location)
        return result
    }

    /// This machine's docker command, with a context.
    func docker(_ context: String, _ arguments: String...) async throws -> ProgramResult {
        try await Program.run(
            "/usr/bin/env", ["docker", "--context", context] + arguments,
            environment: ["DOCKER_CONFIG": docker, "DOCKER_API_VERSION": "1.41"])
    }

    func document(_ arguments: String...) async throws -> JSONValue {
        let result = try await cli(arguments + ["-o", "json"])
        #expect(result.status == 0, "\(arguments): \(result.transcript)")
        return try JSONValue.parse(result.output)
    }
}
