import RoadsteadBasics
import RoadsteadClouds
import RoadsteadModel

/// What can be known to go wrong before anything is made.
struct ClusterPreflight {
    let site: ClusterSite

    /// As long as somebody waits for an answer; what is made later has more patience.
    private static let limit = Duration.seconds(60)

    /// Throws `unsupported` for what the driver does not make, `invalidInput` for a size, an image or a zone that its cloud
    /// does not have, `forbidden` for a key that is refused. Nothing of hosts that exist.
    func check() async throws(RoadsteadError) {
        guard let driver = site.driver else { return }
        try checkFeatures(of: driver)
        let specification = site.specification
        let machine = MachineRequest(
            size: specification.size, image: specification.image, disk: specification.disk)
        var patience = site.tools.patience
        patience.limit = min(patience.limit, Self.limit)
        do { try await driver.look(for: machine, in: specification.zones, patience: patience) } catch {
            throw RoadsteadError(error, doing: "make machines for cluster \(specification.name)")
        }
    }

    /// The same, when the plan makes machines.
    func check(_ plan: ClusterPlan) async throws(RoadsteadError) {
        guard plan.steps.contains(where: \.makesMachine) else { return }
        try await check()
    }

    private func checkFeatures(of driver: any CloudDriver) throws(RoadsteadError) {
        let specification = site.specification
        if specification.network.range != nil {
            try require(.network, "networks", "network.range", of: driver)
        }
        if specification.keepsManagersApart {
            try require(.placement, "groups that keep machines apart", "options.anti-affinity", of: driver)
        }
    }

    private func require(
        _ feature: CloudFeature, _ things: String, _ path: String, of driver: any CloudDriver
    ) throws(RoadsteadError) {
        guard !driver.features.contains(feature) else { return }
        throw RoadsteadError(
            .unsupported, "driver \(driver.name) makes no \(things): leave \(path) out of the specification")
    }
}

extension ClusterPlanStep {
    fileprivate var makesMachine: Bool {
        guard kind == .machine else { return false }
        switch action {
        case .make, .finish, .replace: return true
        case .promote, .demote, .update, .upgrade, .unchanged, .remove: return false
        }
    }
}
