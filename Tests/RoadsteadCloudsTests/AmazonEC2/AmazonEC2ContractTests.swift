import Foundation
import Logging
import RoadsteadBasics
import RoadsteadClouds
import RoadsteadTestKit
import Testing

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
