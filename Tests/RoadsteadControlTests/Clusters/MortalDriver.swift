import RoadsteadClouds
import RoadsteadTestKit

/// A driver of a process that can be killed.
struct MortalDriver: CloudDriver {
    let driver: SimulatedDriver
    let life: Lifeline

    var name: String { driver.name }
    var features: Set<CloudFeature> { driver.features }

    private func run<Value: Sendable>(
        _ deed: () async throws(CloudError) -> Value
    ) async throws(CloudError) -> Value {
        let before = life.state.value
        if before.isDead, !before.finishesDeeds { throw CloudError(.cancelled, "killed") }
        let value = try await deed()
        if life.state.value.isDead { throw CloudError(.cancelled, "killed") }
        return value
    }

    func check() async throws(CloudError) {
        try await run { () async throws(CloudError) in try await driver.check() }
    }

    func catalog() async throws(CloudError) -> CloudCatalog {
        try await run { () async throws(CloudError) in try await driver.catalog() }
    }

    func make(_ request: CloudRequest, tag: CloudTag) async throws(CloudError) -> CloudResource {
        try await run { () async throws(CloudError) in try await driver.make(request, tag: tag) }
    }

    func resource(_ reference: CloudReference) async throws(CloudError) -> CloudResource? {
        try await run { () async throws(CloudError) in try await driver.resource(reference) }
    }

    func resources(of cluster: String) async throws(CloudError) -> [CloudResource] {
        try await run { () async throws(CloudError) in try await driver.resources(of: cluster) }
    }

    func remove(_ reference: CloudReference) async throws(CloudError) {
        try await run { () async throws(CloudError) in try await driver.remove(reference) }
    }

    func power(_ order: PowerOrder, machine: CloudReference) async throws(CloudError) {
        try await run { () async throws(CloudError) in try await driver.power(order, machine: machine) }
    }

    func setRules(_ rules: [FirewallRule], firewall: CloudReference) async throws(CloudError) {
        try await run { () async throws(CloudError) in try await driver.setRules(rules, firewall: firewall) }
    }

    func shutdown() async { await driver.shutdown() }
}
