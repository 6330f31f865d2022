import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// A server whose driver goes to the double of a cloud, and the command line with an account there. What a test leaves at the
/// double is removed with it.
struct CloudClusterTrial: Sendable {
    /// What is different between the clouds.
    struct Cloud: Sendable {
        var driver: String
        var script: String
        /// Behind the double's URL.
        var path = ""
        /// The account in the environment of the command line, but for the key itself.
        var account: [String: String]
        /// The variable of the key.
        var key: String

        static let exoscale = Cloud(
            driver: "exoscale", script: "Tests/RoadsteadCloudsTests/Exoscale/exoscale_double.py", path: "/ZONE/v2",
            account: ["EXOSCALE_API_SECRET": "right", "EXOSCALE_REGION": "ch-gva-2"], key: "EXOSCALE_API_KEY")
        static let amazonEC2 = Cloud(
            driver: "amazonec2", script: "Tests/RoadsteadCloudsTests/AmazonEC2/ec2_double.py",
            account: ["AWS_SECRET_ACCESS_KEY": "right", "AWS_DEFAULT_REGION": "us-east-1"], key: "AWS_ACCESS_KEY_ID")
    }

    let cloud: Cloud
    let double: CloudDouble
    let server: ServerProcess

    /// `lab`: whose hosts, with Docker on them, stand behind the machines; without one nothing does.
    static func run(
        _ cloud: Cloud, lab: LabHosts?, _ body: (CloudClusterTrial) async throws -> Void
    ) async throws {
        let double: CloudDouble
        if let lab {
            double = try await lab.double(cloud.script, layer: "docker")
        } else {
            double = try await CloudDouble(cloud.script)
        }
        let endpoint = "ROADSTEAD_DRIVER_ENDPOINT_" + cloud.driver.uppercased()
        do {
            try await ServerProcess.with(settings: [endpoint: double.endpoint + cloud.path]) { server in
                let trial = CloudClusterTrial(cloud: cloud, double: double, server: server)
                do { try await body(trial) } catch {
                    await trial.takeBack()
                    throw error
                }
            }
            await double.end()
        } catch {
            await double.end()
            throw error
        }
    }

    /// After a failure: hosts would be in the way of other tests.
    private func takeBack() async {
        for name in ((try? await cli(["cluster", "ls", "-q"]))?.output ?? "").split(separator: "\n") {
            _ = try? await cli(["cluster", "terminate", String(name), "--yes"])
        }
    }

    func cli(
        _ arguments: [String], key: String = "EXOKEY", environment: [String: String] = [:]
    ) async throws -> ProgramResult {
        var variables = cloud.account.merging(["DOCKER_CONFIG": server.folder.file("docker")]) { $1 }
        variables[cloud.key] = key
        return try await server.cli(
            arguments, environment: variables.merging(environment) { $1 }, timeout: .seconds(300))
    }

    /// Runs a command that must end with `status`.
    @discardableResult
    func expect(
        _ status: Int32, _ arguments: String..., key: String = "EXOKEY", environment: [String: String] = [:],
        location: SourceLocation = #_sourceLocation
    ) async throws -> ProgramResult {
        let result = try await cli(arguments, key: key, environment: environment)
        #expect(
            result.status == status,
            "\(arguments.joined(separator: " ")): \(result.transcript)\n\(server.log.suffix(3000))",
            sourceLocation: location)
        return result
    }

    /// This machine's docker command, with the context of a cluster.
    func docker(_ arguments: String...) async throws -> ProgramResult {
        try await Program.run(
            "/usr/bin/env", ["docker", "--context", "roadstead-shop"] + arguments,
            environment: ["DOCKER_CONFIG": server.folder.file("docker"), "DOCKER_API_VERSION": "1.41"])
    }

    /// The id of a cluster, as it stands in tags.
    func identifier(_ name: String = "shop") async throws -> String {
        let document = try JSONValue.parse(try await expect(0, "cluster", "show", name, "-o", "json").output)
        let id = try #require(document["id"]?.stringValue)
        return String(id.split(separator: "/").last ?? "")
    }

    /// What the double counts of a cluster, past its API: kinds of which there is something.
    func things(of cluster: String) async throws -> [String: Int] {
        let counts = try JSONValue.parse(try await double.text("/leaks?cluster=\(cluster)")).objectValue ?? [:]
        return Dictionary(counts.members.map { ($0.key, Int($0.value.integerValue ?? 0)) }) { $1 }
            .filter { $0.value > 0 }
    }
}
