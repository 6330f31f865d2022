import Foundation
import RoadsteadBasics
import RoadsteadTestKit

extension LabHosts {
    /// Runs a script of Lab/ for this lab: `lab.command("tls", "issue", "late", "--client", "--expired")`.
    @discardableResult
    func command(_ script: String, _ arguments: String...) async throws -> String {
        let path = Program.repository.appending(path: "Lab/\(script)").path
        let result = try await Program.run(path, arguments, environment: ["LAB_NAME": name])
        guard result.status == 0 else {
            throw RoadsteadError(.unavailable, "Lab/\(script) \(arguments): \(result.transcript)")
        }
        return result.output
    }
}

extension ServerProcess {
    /// Registers the lab's Swarm as `swarm` and its registry as `registry`.
    func addLab(_ lab: LabHosts) async throws {
        let tls = lab.tlsFolder
        let swarm = try await cli([
            "infra", "add", "swarm", "swarm", "--endpoint", try lab.endpointText(), "--ca", tls + "/ca.pem",
            "--cert", tls + "/cert.pem", "--key", tls + "/key.pem",
        ])
        let registry = try lab.registry()
        let added = try await cli(
            [
                "infra", "add", "registry", "registry", "--endpoint", "https://" + registry.address,
                "--username", registry.user, "--password-stdin", "--ca", tls + "/ca.pem",
            ], input: registry.password.exposed)
        guard swarm.status == 0, added.status == 0 else {
            throw RoadsteadError(.unavailable, swarm.transcript + added.transcript)
        }
    }
}
