import Foundation
import Logging
import RoadsteadBasics
import RoadsteadClouds
import RoadsteadTestKit
import Testing

@Suite("Cloud driver contract: Exoscale, against a double held to its OpenAPI document")
struct ExoscaleContractTests {
    private let machine = MachineRequest(size: "small", image: "debian-12")

    private func tag(_ token: String = "t") -> CloudTag {
        CloudTag(cluster: UUID().uuidString.lowercased(), token: token, name: "prod-1")
    }

    @Test("holds", arguments: CloudDriverContract.claims(for: .exoscale))
    func holds(_ contract: CloudDriverContract) async throws { try await contract.check(.exoscale) }

    @Test("the double refuses what the document does not allow")
    func heldToTheDocument() async throws {
        try await using(try await CloudDouble.exoscale.value.exoscaleDriver(key: "EXOPORT")) { driver in
            let rules = [FirewallRule(.tcp, 1...70_000, from: .members, purpose: "too many")]
            let tag = tag()
            let error = await #expect(throws: CloudError.self) {
                _ = try await driver.make(.firewall(FirewallRequest(rules: rules)), tag: tag)
            }
            #expect(error?.code == .invalidRequest && error?.message.contains("70000") == true, "\(error as Any)")
            try await driver.clear(tag.cluster, patience: CloudUnderTest.patience)
        }
    }

    @Test("a key whose role may only read is told which operation it lacks, and makes nothing")
    func missingRight() async throws {
        try await using(try await CloudDouble.exoscale.value.exoscaleDriver(key: "EXOREADER1")) { driver in
            try await driver.check()
            let tag = tag()
            let error = await #expect(throws: CloudError.self) {
                _ = try await driver.make(.machine(machine), tag: tag)
            }
            #expect(error?.code == .forbidden)
            #expect(error?.message.contains("create-instance of machine 'prod-1'") == true, "\(error as Any)")
            #expect(try await driver.resources(of: tag.cluster).isEmpty)
        }
    }

    @Test("a wrong secret is told without the secret and what Exoscale wrote about it")
    func wrongSecret() async throws {
        try await using(try await CloudDouble.exoscale.value.exoscaleDriver(key: "EXOWRONG", secret: "hush-hush")) {
            driver in
            let error = await #expect(throws: CloudError.self) { try await driver.check() }
            #expect(error?.code == .credentialRefused)
            #expect(error?.message.contains("hush") == false && error?.message.contains("rightright") == false)
        }
    }

    @Test("the double itself counts nothing of a cluster once it is cleared")
    func leaks() async throws {
        let double = try await CloudDouble.exoscale.value
        try await using(try double.exoscaleDriver(key: "EXOLEAKS")) { driver in
            let cluster = UUID().uuidString.lowercased()
            func count() async throws -> JSONValue {
                try JSONValue.parse(try await double.text("/leaks?cluster=\(cluster)"))
            }
            for kind in CloudKind.allCases {
                let tag = CloudTag(cluster: cluster, token: kind.rawValue, name: "prod")
                _ = try await driver.make(request(kind), tag: tag)
            }
            #expect(try await count() == ["machine": 1, "network": 1, "firewall": 1, "placement": 1, "key": 1])
            try await driver.clear(cluster, patience: CloudUnderTest.patience)
            #expect(try await count() == ["machine": 0, "network": 0, "firewall": 0, "placement": 0, "key": 0])
        }
    }

    private func request(_ kind: CloudKind) -> CloudRequest {
        switch kind {
        case .network: .network(NetworkRequest(range: "10.20.0.0/24"))
        case .firewall: .firewall(FirewallRequest(rules: [.ssh, .overlay]))
        case .key: .key(KeyRequest(publicKey: "ssh-ed25519 AAAA"))
        case .placement: .placement
        case .machine: .machine(machine)
        }
    }

    @Test("a machine that Exoscale gives up is made again")
    func bootFails() async throws {
        let double = try await CloudDouble.exoscale.value
        try await using(try double.exoscaleDriver(key: "EXOBOOT")) { driver in
            try await double.inject("boot", "create-instance", key: "EXOBOOT")
            let tag = tag()
            let ready = try await driver.ensure(.machine(machine), tag: tag, patience: CloudUnderTest.patience)
            #expect(ready.state == .ready)
            #expect(try await driver.resources(of: tag.cluster).map(\.reference) == [ready.reference])
            try await driver.clear(tag.cluster, patience: CloudUnderTest.patience)
        }
    }

    @Test("a machine that was made before a crash, and not put into its network, is put into it")
    func attachesLater() async throws {
        let double = try await CloudDouble.exoscale.value
        try await using(try double.exoscaleDriver(key: "EXOATTACH")) { driver in
            let tag = tag("m")
            let network = try await driver.make(
                .network(NetworkRequest(range: "10.20.0.0/24")),
                tag: CloudTag(cluster: tag.cluster, token: "n", name: "prod"))
            _ = try await driver.make(.machine(machine), tag: tag)
            var inside = machine
            inside.network = network.reference.id
            let ready = try await driver.ensure(.machine(inside), tag: tag, patience: CloudUnderTest.patience)
            #expect(ready.privateAddress == "10.20.0.2")
            #expect(try await driver.resources(of: tag.cluster).count == 2)
            try await driver.clear(tag.cluster, patience: CloudUnderTest.patience)
        }
    }

    @Test("machines that come at the same time have addresses of their own in their network")
    func privateAddresses() async throws {
        try await using(try await CloudDouble.exoscale.value.exoscaleDriver(key: "EXONETWORK")) { driver in
            let tag = tag("n")
            let network = try await driver.make(.network(NetworkRequest(range: "10.20.0.0/28")), tag: tag)
            var request = machine
            request.network = network.reference.id
            let addresses = try await withThrowingTaskGroup(of: String?.self) { [request] group in
                for number in 1...5 {
                    group.addTask {
                        let own = CloudTag(cluster: tag.cluster, token: "m\(number)", name: "prod-\(number)")
                        return try await driver.ensure(.machine(request), tag: own, patience: CloudUnderTest.patience)
                            .privateAddress
                    }
                }
                return try await group.reduce(into: [String?]()) { $0.append($1) }
            }
            #expect(Set(addresses) == Set((2...6).map { "10.20.0.\($0)" }))
            try await driver.clear(tag.cluster, patience: CloudUnderTest.patience)
        }
    }

    @Test("a machine of one zone is none of another's")
    func zones() async throws {
        let double = try await CloudDouble.exoscale.value
        try await using(try double.exoscaleDriver(key: "EXOZONE")) { geneva in
            try await using(try double.exoscaleDriver(key: "EXOZONE", zone: "AT-VIE-1")) { vienna in
                let tag = tag()
                let made = try await geneva.make(.machine(machine), tag: tag)
                #expect(try await vienna.resource(made.reference) == nil)
                #expect(try await vienna.resources(of: tag.cluster).isEmpty)
                #expect(try await vienna.catalog().zones == ["at-vie-1"])
                try await geneva.clear(tag.cluster, patience: CloudUnderTest.patience)
            }
        }
    }

    @Test("an operation that is not done in time has an unknown outcome, and what it made is found")
    func patience() async throws {
        let double = try await CloudDouble.exoscale.value
        let tag = tag()
        try await using(try double.exoscaleDriver(key: "EXOSHORT", limit: .milliseconds(1))) { driver in
            let error = await #expect(throws: CloudError.self) {
                _ = try await driver.make(.machine(machine), tag: tag)
            }
            #expect(error?.code == .outcomeUnknown)
            let found = try await driver.resources(of: tag.cluster)
            #expect(found.map(\.tag) == [tag])
        }
        try await using(try double.exoscaleDriver(key: "EXOSHORT")) { driver in
            try await driver.clear(tag.cluster, patience: CloudUnderTest.patience)
        }
    }

    @Test("while an operation is followed, a failed look changes nothing")
    func looksFail() async throws {
        let double = try await CloudDouble.exoscale.value
        try await using(try double.exoscaleDriver(key: "EXOLOOKS")) { driver in
            for fault in ["fails", "cut"] { try await double.inject(fault, "get-operation", key: "EXOLOOKS") }
            let tag = tag()
            _ = try await driver.make(.placement, tag: tag)
            try await driver.clear(tag.cluster, patience: CloudUnderTest.patience)
        }
    }

    @Test("where nobody listens nothing was done")
    func nobody() async throws {
        try await using(
            try ExoscaleDriver(
                credential: ExoscaleCredential(apiKey: "EXO", apiSecret: Redacted("s"), zone: "ch-gva-2"),
                endpoint: "http://127.0.0.1:1", logger: Logger(label: "test"))
        ) { driver in
            let error = await #expect(throws: CloudError.self) { _ = try await driver.make(.placement, tag: tag()) }
            #expect(error?.code == .unavailable)
        }
    }
}

extension CloudUnderTest {
    static let exoscale = CloudUnderTest(
        name: "exoscale", features: [.network, .firewall, .key, .placement, .power],
        machine: MachineRequest(size: "small", image: "debian-12", zone: "ch-gva-2"), double: CloudDouble.exoscale,
        calls: (make: "create-instance", remove: "delete-instance")
    ) { double, key, secret in try double.exoscaleDriver(key: key, secret: secret) }
}
