import Foundation
import RoadsteadBasics
import RoadsteadTestKit

extension LabHosts {
    /// Runs a script of Lab/ for this lab: `lab.command("tls", "issue", "late", "--client", "--expired")`.
    @discardableResult
    func command(_ script: String, _ arguments: String...) async throws -> String {
        try await command(script, arguments)
    }

    @discardableResult
    func command(_ script: String, _ arguments: [String]) async throws -> String {
        let path = Program.repository.appending(path: "Lab/\(script)").path
        let result = try await Program.run(path, arguments, environment: ["LAB_NAME": name])
        guard result.status == 0 else {
            throw RoadsteadError(.unavailable, "Lab/\(script) \(arguments): \(result.transcript)")
        }
        return result.output
    }
}

extension LabHosts {
    /// Docker's variables for a command line that builds: a manager's engine, and the registry's login in a `config.json`
    /// that is written to `folder`.
    func dockerEnvironment(in folder: String) throws -> [String: String] {
        let registry = try registry()
        let auth = Data("\(registry.user):\(registry.password.exposed)".utf8).base64EncodedString()
        try Data("{\"auths\": {\"\(registry.address)\": {\"auth\": \"\(auth)\"}}}".utf8)
            .write(to: URL(filePath: folder + "/config.json"))
        return [
            "DOCKER_CONFIG": folder, "DOCKER_HOST": try endpointText().replacing("https://", with: "tcp://"),
            "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": tlsFolder,
        ]
    }
}

extension ServerProcess {
    /// Registers the lab's Swarm as `swarm`, by one of its managers, and its registry as `registry`.
    func addLab(_ lab: LabHosts, manager: String = "h1") async throws {
        let tls = lab.tlsFolder
        let swarm = try await cli([
            "infra", "add", "swarm", "swarm", "--endpoint", try lab.endpointText(manager), "--ca", tls + "/ca.pem",
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
