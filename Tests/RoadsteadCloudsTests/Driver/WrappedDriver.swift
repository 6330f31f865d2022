import RoadsteadClouds

/// A driver that does what its inner one does, but for what it says itself.
protocol WrappedDriver: CloudDriver {
    var inner: SimulatedDriver { get }
}

extension WrappedDriver {
    var name: String { inner.name }

    var features: Set<CloudFeature> { inner.features }

    func check() async throws(CloudError) { try await inner.check() }

    func catalog() async throws(CloudError) -> CloudCatalog { try await inner.catalog() }

    func make(_ request: CloudRequest, tag: CloudTag) async throws(CloudError) -> CloudResource {
        try await inner.make(request, tag: tag)
    }

    func resource(_ reference: CloudReference) async throws(CloudError) -> CloudResource? {
        try await inner.resource(reference)
    }

    func resources(of cluster: String) async throws(CloudError) -> [CloudResource] {
        try await inner.resources(of: cluster)
    }

    func remove(_ reference: CloudReference) async throws(CloudError) { try await inner.remove(reference) }

    func power(_ order: PowerOrder, machine: CloudReference) async throws(CloudError) {
        try await inner.power(order, machine: machine)
    }

    func setRules(_ rules: [FirewallRule], firewall: CloudReference) async throws(CloudError) {
        try await inner.setRules(rules, firewall: firewall)
    }

    func shutdown() async { await inner.shutdown() }
}

/// A cloud that stops and starts nothing, and whose machines are stopped all the same.
struct StoppedDriver: WrappedDriver {
    let inner = SimulatedDriver(SimulatedCloud())

    var features: Set<CloudFeature> { inner.features.subtracting([.power]) }

    func resources(of cluster: String) async throws(CloudError) -> [CloudResource] {
        try await inner.resources(of: cluster).map {
            var machine = $0
            machine.state = .stopped
            return machine
        }
    }
}
