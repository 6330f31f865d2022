import RoadsteadBasics
import Synchronization

/// The way to a `SimulatedCloud`, as one account's key opens it.
public final class SimulatedDriver: CloudDriver {
    private let cloud: SimulatedCloud
    private let key: Redacted<String>
    private let isShutDown = Mutex(false)

    public init(_ cloud: SimulatedCloud, key: Redacted<String> = Redacted("simulated")) {
        (self.cloud, self.key) = (cloud, key)
    }

    public var name: String { "simulated" }

    public var features: Set<CloudFeature> { cloud.features }

    public func check() async throws(CloudError) { try await cloud.check(key: openKey()) }

    public func catalog() async throws(CloudError) -> CloudCatalog { try await cloud.catalog(key: openKey()) }

    public func make(_ request: CloudRequest, tag: CloudTag) async throws(CloudError) -> CloudResource {
        try await cloud.make(request, tag: tag, key: openKey())
    }

    public func resource(_ reference: CloudReference) async throws(CloudError) -> CloudResource? {
        try await cloud.resource(reference, key: openKey())
    }

    public func resources(of cluster: String) async throws(CloudError) -> [CloudResource] {
        try await cloud.resources(of: cluster, key: openKey())
    }

    public func remove(_ reference: CloudReference) async throws(CloudError) {
        try await cloud.remove(reference, key: openKey())
    }

    public func power(_ order: PowerOrder, machine: CloudReference) async throws(CloudError) {
        try await cloud.power(order, machine: machine, key: openKey())
    }

    public func setRules(_ rules: [FirewallRule], firewall: CloudReference) async throws(CloudError) {
        try await cloud.setRules(rules, firewall: firewall, key: openKey())
    }

    public func shutdown() async { isShutDown.withLock { $0 = true } }

    private func openKey() throws(CloudError) -> String {
        guard !isShutDown.withLock({ $0 }) else { throw CloudError(.cancelled, "the driver was shut down") }
        return key.exposed
    }
}
