import Foundation
import HTTPCalls
import Logging
import RoadsteadBasics
import RoadsteadTestKit
import Testing

@testable import RoadsteadClouds

@Suite("Cloud driver contract: Amazon EC2, against moto")
struct AmazonEC2ContractTests {
    @Test("holds", arguments: CloudDriverContract.claims(for: .amazonEC2))
    func holds(_ contract: CloudDriverContract) async throws { try await contract.check(.amazonEC2) }

    @Test("all pages are read: seven machines in pages of five")
    func pages() async throws {
        let double = try await CloudDouble.ec2.value
        try await using(try double.ec2Driver(key: "AKIDPAGES", pageSize: 5)) { driver in
            let cluster = UUID().uuidString
            for number in 1...7 {
                let tag = CloudTag(cluster: cluster, token: String(number), name: "page-\(number)")
                _ = try await driver.make(.machine(MachineRequest(size: "small", image: "debian-12")), tag: tag)
            }
            let found = try await driver.resources(of: cluster)
            #expect(Set(found.compactMap(\.tag?.token)) == Set((1...7).map { String($0) }))
            for machine in found { try await driver.remove(machine.reference) }
            #expect(try await driver.resources(of: cluster).isEmpty)
        }
    }

    @Test("what EC2 does not see yet, because it was made a moment ago, is asked again")
    func settles() async throws {
        let double = try await CloudDouble.ec2.value
        try await using(try double.ec2Driver(key: "AKIDSETTLES")) { driver in
            try await double.inject("unsettled", "AuthorizeSecurityGroupIngress", key: "AKIDSETTLES")
            let tag = CloudTag(cluster: UUID().uuidString, token: "f", name: "settling")
            let made = try await driver.make(.firewall(FirewallRequest(rules: [.ssh, .ping])), tag: tag)
            #expect(try await driver.resource(made.reference)?.rules == [.ssh, .ping])
            try await driver.remove(made.reference)
        }
    }

    @Test("a machine that EC2 gives up is made again, by a client token that is not the dead one's")
    func bootFails() async throws {
        let double = try await CloudDouble.ec2.value
        try await using(try double.ec2Driver(key: "AKIDBOOT")) { driver in
            for _ in 0..<2 { try await double.inject("boot", "RunInstances", key: "AKIDBOOT") }
            let tag = CloudTag(cluster: UUID().uuidString.lowercased(), token: "m", name: "boot-1")
            let request = CloudRequest.machine(MachineRequest(size: "small", image: "debian-12"))
            let ready = try await driver.ensure(request, tag: tag, patience: CloudUnderTest.patience)
            #expect(ready.state == .ready)
            #expect(try await driver.resources(of: tag.cluster).map(\.reference) == [ready.reference])
            try await driver.clear(tag.cluster, patience: CloudUnderTest.patience)
        }
    }

    @Test("the double keeps client tokens: the same gives the same machine, with other values it is refused")
    func clientTokens() async throws {
        let double = try await CloudDouble.ec2.value
        try await using(try double.ec2Driver(key: "AKIDTOKENS")) { driver in
            func run(_ type: String) async throws -> String? {
                let query = EC2Query("RunInstances").with("MinCount", "1").with("MaxCount", "1")
                    .with("ImageId", "ami-0deb12b").with("InstanceType", type).with("ClientToken", "once")
                return try await driver.ec2.send(query)["instancesSet"]?["item"]?.text("instanceId")
            }
            let first = try #require(try await run("t3.small"))
            #expect(try await run("t3.small") == first)
            let error = await #expect(throws: CloudError.self) { _ = try await run("t3.large") }
            #expect(error?.message.contains("IdempotentParameterMismatch") == true)
            try await driver.remove(CloudReference(.machine, first))
            #expect(try await run("t3.small") == first)
        }
    }

    @Test("a key without rights is told the one that it lacks, and makes nothing")
    func missingRight() async throws {
        try await using(try await CloudDouble.ec2.value.ec2Driver(key: "AKIDREADER2")) { driver in
            try await driver.check()
            let tag = CloudTag(cluster: UUID().uuidString, token: "m", name: "no-1")
            let error = await #expect(throws: CloudError.self) {
                _ = try await driver.make(.machine(MachineRequest(size: "small", image: "debian-12")), tag: tag)
            }
            #expect(error?.code == .forbidden && error?.message.contains("ec2:RunInstances") == true, "\(error as Any)")
        }
    }

    @Test("the double itself counts what is a cluster's, and nothing once it is cleared")
    func leaks() async throws {
        let double = try await CloudDouble.ec2.value
        try await using(try double.ec2Driver(key: "AKIDLEAKS")) { driver in
            let cluster = UUID().uuidString.lowercased()
            func count() async throws -> JSONValue {
                try JSONValue.parse(try await double.text("/leaks?cluster=\(cluster)"))
            }
            func tag(_ token: String) -> CloudTag { CloudTag(cluster: cluster, token: token, name: "leak") }
            _ = try await driver.make(.placement, tag: tag("p"))
            let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g"
            _ = try await driver.make(.key(KeyRequest(publicKey: key)), tag: tag("k"))
            _ = try await driver.make(.firewall(FirewallRequest(rules: [.ssh])), tag: tag("f"))
            _ = try await driver.make(.machine(MachineRequest(size: "small", image: "debian-12")), tag: tag("m"))
            _ = try await driver.make(.network(NetworkRequest(range: "10.20.0.0/24")), tag: tag("n"))
            // The VPC, its gateway and four subnets.
            #expect(try await count() == ["machine": 1, "network": 6, "firewall": 1, "key": 1, "placement": 1])
            try await driver.clear(cluster, patience: CloudUnderTest.patience)
            #expect(try await count() == ["machine": 0, "network": 0, "firewall": 0, "key": 0, "placement": 0])
        }
    }

    @Test("a wrong secret is told without the secret and what EC2 wrote about it")
    func wrongSecret() async throws {
        try await using(try await CloudDouble.ec2.value.ec2Driver(key: "AKIDWRONG", secret: "hush-hush")) { driver in
            let error = await #expect(throws: CloudError.self) { try await driver.check() }
            #expect(error?.code == .credentialRefused)
            #expect(error?.message.contains("hush") == false && error?.message.contains("rightright") == false)
        }
    }

    @Test("where nobody listens nothing was done")
    func nobody() async throws {
        try await using(
            try AmazonEC2Driver(
                credential: AmazonEC2Credential(
                    accessKey: "k", secretKey: Redacted("s"), region: "eu-west-1", endpoint: "http://127.0.0.1:1"),
                logger: Logger(label: "test"))
        ) { driver in
            let error = await #expect(throws: CloudError.self) {
                _ = try await driver.make(.placement, tag: CloudTag(cluster: "c", token: "t", name: "n"))
            }
            #expect(error?.code == .unavailable)
        }
    }
}

extension CloudUnderTest {
    static let amazonEC2 = CloudUnderTest(
        name: "amazonec2", features: [.network, .firewall, .key, .placement, .power, .hostKeys],
        machine: MachineRequest(size: "small", image: "debian-12", zone: "us-east-1b"), double: CloudDouble.ec2,
        calls: (make: "RunInstances", remove: "TerminateInstances")
    ) { double, key, secret in try double.ec2Driver(key: key, secret: secret) }
}
