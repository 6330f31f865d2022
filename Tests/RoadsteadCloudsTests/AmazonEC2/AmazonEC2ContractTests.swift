import Foundation
import Logging
import RoadsteadBasics
import RoadsteadClouds
import Testing

@Suite("Cloud driver contract: Amazon EC2, against moto")
struct AmazonEC2ContractTests {
    @Test("holds", arguments: CloudDriverContract.claims(for: .amazonEC2))
    func holds(_ contract: CloudDriverContract) async throws { try await contract.check(.amazonEC2) }

    @Test("all pages are read: seven machines in pages of five")
    func pages() async throws {
        let double = try await EC2Double.shared.value
        let driver = try double.driver(key: "AKIDPAGES", pageSize: 5)
        let cluster = UUID().uuidString
        for number in 1...7 {
            let tag = CloudTag(cluster: cluster, token: String(number), name: "page-\(number)")
            _ = try await driver.make(.machine(MachineRequest(size: "small", image: "debian-12")), tag: tag)
        }
        let found = try await driver.resources(of: cluster)
        #expect(Set(found.compactMap(\.tag?.token)) == Set((1...7).map { String($0) }))
        for machine in found { try await driver.remove(machine.reference) }
        #expect(try await driver.resources(of: cluster).isEmpty)
        await driver.shutdown()
    }

    @Test("what EC2 does not see yet, because it was made a moment ago, is asked again")
    func settles() async throws {
        let double = try await EC2Double.shared.value
        let driver = try double.driver(key: "AKIDSETTLES")
        try await double.inject("unsettled", "AuthorizeSecurityGroupIngress", key: "AKIDSETTLES")
        let tag = CloudTag(cluster: UUID().uuidString, token: "f", name: "settling")
        let made = try await driver.make(.firewall(FirewallRequest(rules: [.ssh, .ping])), tag: tag)
        #expect(try await driver.resource(made.reference)?.rules == [.ssh, .ping])
        try await driver.remove(made.reference)
        await driver.shutdown()
    }

    @Test("a wrong secret is told without the secret and what EC2 wrote about it")
    func wrongSecret() async throws {
        let driver = try await EC2Double.shared.value.driver(key: "AKIDWRONG", secret: "hush-hush")
        let error = await #expect(throws: CloudError.self) { try await driver.check() }
        #expect(error?.code == .credentialRefused)
        #expect(error?.message.contains("hush") == false && error?.message.contains("rightright") == false)
        await driver.shutdown()
    }

    @Test("where nobody listens nothing was done")
    func nobody() async throws {
        let driver = try AmazonEC2Driver(
            credential: AmazonEC2Credential(
                accessKey: "k", secretKey: Redacted("s"), region: "eu-west-1", endpoint: "http://127.0.0.1:1"),
            logger: Logger(label: "test"))
        let error = await #expect(throws: CloudError.self) {
            _ = try await driver.make(.placement, tag: CloudTag(cluster: "c", token: "t", name: "n"))
        }
        #expect(error?.code == .unavailable)
        await driver.shutdown()
    }
}

extension CloudUnderTest {
    static let amazonEC2 = CloudUnderTest(
        name: "amazonec2", features: [.network, .firewall, .key, .placement, .power, .hostKeys], hasFaults: true
    ) { body in
        let double = try await EC2Double.shared.value
        // Of one claim only: faults are kept by access key.
        let key = "AKID" + UUID().uuidString.replacingOccurrences(of: "-", with: "")
        let (driver, stranger) = (try double.driver(key: key), try double.driver(key: key, secret: "wrong"))
        let subject = CloudSubject(
            driver: driver, stranger: stranger,
            machine: MachineRequest(size: "small", image: "debian-12", zone: "us-east-1b"),
            patience: CloudPatience(
                poll: .milliseconds(20), backoff: Backoff(base: .milliseconds(20), cap: .milliseconds(100))),
            inject: { fault, call in
                let action = call == .remove ? "TerminateInstances" : "RunInstances"
                var seconds: Int64 = 0
                if case .slow(let time) = fault { seconds = time.components.seconds }
                try await double.inject(Self.word(fault), action, key: key, seconds: seconds)
            })
        do { try await body(subject) } catch {
            await driver.shutdown()
            await stranger.shutdown()
            throw error
        }
        await driver.shutdown()
        await stranger.shutdown()
    }

    private static func word(_ fault: CloudFaults.Fault) -> String {
        switch fault {
        case .slow: "slow"
        case .rateLimited: "limited"
        case .failsBefore: "fails"
        case .cutAfter: "cut"
        case .duplicated: "twice"
        case .quotaExceeded: "quota"
        case .capacityMissing: "capacity"
        case .bootFails: "boot"
        }
    }
}
