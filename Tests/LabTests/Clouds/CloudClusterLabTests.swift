import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// The whole command, from the key in the environment to a Swarm that docker itself talks to and back to nothing; on the way
/// the clouds go wrong in every way that passes.
@Suite("Clusters at the doubles of clouds", .serialized, .timeLimit(.minutes(10)))
struct CloudClusterLabTests {
    @Test("Exoscale's: made in spite of faults, scaled, and ended with nothing left")
    func exoscale() async throws {
        try await CloudClusterTrial.run(.exoscale, lab: try LabHosts.required()) { trial in
            let faults = [
                ("limited", "create-security-group"), ("fails", "register-ssh-key"), ("cut", "create-instance"),
                ("slow", "get-instance"), ("fails", "list-instances"), ("cut", "add-rule-to-security-group"),
            ]
            try await life(trial, faults, options: ["anti-affinity": true])
        }
    }

    @Test("EC2's: the same, and where one zone has no room another is taken")
    func amazonEC2() async throws {
        try await CloudClusterTrial.run(.amazonEC2, lab: try LabHosts.required()) { trial in
            let faults = [
                ("limited", "CreateSecurityGroup"), ("fails", "ImportKeyPair"), ("capacity", "RunInstances"),
                ("boot", "RunInstances"), ("cut", "RunInstances"), ("slow", "DescribeInstances"),
                ("fails", "AuthorizeSecurityGroupIngress"),
            ]
            try await life(trial, faults, options: ["anti-affinity": true], zones: ["us-east-1a", "us-east-1b"])
        }
    }

    private func life(
        _ trial: CloudClusterTrial, _ faults: [(String, String)], options: JSONObject, zones: [String] = []
    ) async throws {
        for (fault, call) in faults { try await trial.double.inject(fault, call, key: "EXOKEY", seconds: 2) }
        var specification: JSONObject = [
            "name": "shop", "driver": .string(trial.cloud.driver), "managers": 1, "workers": 1,
            "options": .object(options),
        ]
        if let zone = zones.first {
            specification["zones"] = JSONValue(zones)
            specification["region"] = .string(String(zone.dropLast()))
        }
        let file = trial.server.folder.file("cluster.yaml")
        try JSONValue.object(specification).text().write(toFile: file, atomically: true, encoding: .utf8)
        let made = try await trial.expect(0, "cluster", "create", "-f", file, "--yes")
        #expect(made.output.contains("+ machine shop-1 (manager"), "\(made.transcript)")
        let cluster = try await trial.identifier()
        let base = ["firewall": 1, "key": 1, "placement": 1]
        #expect(try await trial.things(of: cluster) == base.merging(["machine": 2]) { $1 })

        try await trial.expect(0, "cluster", "context", "shop")
        #expect(try await trial.docker("node", "ls", "--format", "{{.Status}}").output == "Ready\nReady\n")
        try await trial.expect(0, "cluster", "scale", "shop", "--workers", "2", "--yes")
        #expect(try await trial.docker("node", "ls", "--format", "{{.Status}}").output == "Ready\nReady\nReady\n")
        #expect(try await trial.things(of: cluster)["machine"] == 3)
        try await trial.expect(0, "cluster", "scale", "shop", "--workers", "1", "--yes")
        #expect(try await trial.things(of: cluster)["machine"] == 2)
        #expect(try await trial.expect(0, "cluster", "plan", "shop").output.contains("no changes"))

        let ended = try await trial.expect(0, "cluster", "terminate", "shop", "--yes")
        #expect(ended.output.contains("nothing of it is left"), "\(ended.transcript)")
        #expect(try await trial.things(of: cluster) == [:])
        #expect(try await trial.expect(0, "machine", "ls", "-q").output == "")
        #expect(try await trial.expect(0, "infra", "ls", "-q").output == "")
    }
}
