import RoadsteadBasics
import RoadsteadClouds

/// What every cloud driver keeps to. One suite, many implementations: the simulated cloud, programs of others, and the
/// doubles of real clouds.
struct CloudDriverContract: Sendable, CustomStringConvertible {
    let claim: String
    /// Whether the implementation must be able to go wrong on request.
    var needsFaults = false
    /// What the cloud must be able to do.
    var features: Set<CloudFeature> = []
    let run: @Sendable (CloudSubject) async throws -> Void

    var description: String { claim }

    /// The driver broke the claim.
    struct Violation: Error, CustomStringConvertible {
        let description: String
    }

    static let all: [CloudDriverContract] = account + making + refusals + life + faults

    /// The claims that concern such a cloud.
    static func claims(for cloud: CloudUnderTest) -> [CloudDriverContract] {
        all.filter { (cloud.hasFaults || !$0.needsFaults) && $0.features.isSubset(of: cloud.features) }
    }

    /// Tries the claim on a cloud of its own, and afterwards that nothing is left there.
    func check(_ cloud: CloudUnderTest) async throws {
        try await cloud.open { subject in
            do { try await run(subject) } catch {
                try? await subject.clear()
                throw error
            }
            try await subject.clear()
            for cluster in [subject.cluster, subject.neighbour] {
                let left = try await subject.driver.resources(of: cluster)
                try Self.require(left.isEmpty, "left behind: \(left)")
            }
        }
    }

    static func require(_ condition: Bool, _ what: @autoclosure () -> String, line: Int = #line) throws {
        guard condition else { throw Violation(description: "line \(line): \(what())") }
    }

    /// The `CloudError` that `body` must throw, with this code.
    @discardableResult
    static func failure(
        _ code: CloudError.Code, line: Int = #line, _ body: () async throws -> Void
    ) async throws -> CloudError {
        do { try await body() } catch let error as CloudError {
            try require(error.code == code, "\(error.code.rawValue) instead of \(code.rawValue): \(error)", line: line)
            return error
        }
        throw Violation(description: "line \(line): \(code.rawValue) was expected, and nothing failed")
    }
}

extension CloudSubject {
    func clear() async throws {
        for cluster in [cluster, neighbour] { try await driver.clear(cluster, patience: patience) }
    }

    /// One of this kind, as small as can be; nil when the cloud has no such kind.
    func request(_ kind: CloudKind) -> CloudRequest? {
        if let feature = kind.feature, !driver.features.contains(feature) { return nil }
        return switch kind {
        case .network: .network(NetworkRequest(range: "10.20.0.0/24"))
        case .firewall: .firewall(FirewallRequest(rules: [.ssh]))
        case .key: .key(KeyRequest(publicKey: Self.publicKey))
        case .placement: .placement
        case .machine: .machine(machine)
        }
    }

    /// A key that nobody has the other half of.
    private static let publicKey =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g contract"

    func made(_ kind: CloudKind, _ token: String, of cluster: String? = nil) async throws -> CloudResource {
        guard let request = request(kind) else {
            throw CloudDriverContract.Violation(description: "the cloud has no \(kind.rawValue)")
        }
        return try await driver.make(request, tag: tag(token, of: cluster))
    }

    /// The machine once it is as it should be.
    func eventually(
        _ what: String, _ reference: CloudReference, _ holds: (CloudResource) -> Bool
    ) async throws -> CloudResource {
        for _ in 0..<1000 {
            if let resource = try await driver.resource(reference), holds(resource) { return resource }
            try await patience.clock.sleep(for: patience.poll)
        }
        throw CloudDriverContract.Violation(description: "\(reference.id) did not become \(what)")
    }
}

extension FirewallRule {
    static let ssh = FirewallRule(.tcp, 22...22, from: .addresses("0.0.0.0/0"), purpose: "ssh")
    static let ping = FirewallRule(.icmp, 0...0, from: .addresses("0.0.0.0/0"), purpose: "ping")
    static let overlay = FirewallRule(.udp, 4789...4789, from: .members, purpose: "overlay")
    static let published = FirewallRule(.tcp, 30000...32000, from: .addresses("::/0"), purpose: "published ports")
}
