import RoadsteadBasics

extension ClusterStepsBuilder {
    /// One engine after the other, in the plan's order; but first all packages, so that a version that is not to be had stops
    /// nothing.
    mutating func upgrade(_ changes: [ClusterPlanStep], after settled: Set<String>) {
        var last = settled
        let upgrades = changes.filter(\.isUpgrade)
        for step in upgrades where step.changesPackages { add(.fetch, step.name, after: settled) }
        last.formUnion(names(.fetch))
        for step in upgrades {
            if step.changes(ClusterPlanner.certificate) { chain(.renew, step.name, &last) }
            for kind in [ClusterSteps.Kind.inspect, .evacuate, .upgrade, .activate, .settle] {
                chain(kind, step.name, &last)
            }
        }
    }
}

extension ClusterPlanStep {
    fileprivate var isUpgrade: Bool {
        if case .upgrade = action { return true }
        return false
    }

    fileprivate func changes(_ path: String) -> Bool { changes.contains { $0.path == path } }

    /// Of a node that was set aside it is not known how far its engine is.
    fileprivate var changesPackages: Bool { changes.contains { $0.path != ClusterPlanner.certificate } }
}
