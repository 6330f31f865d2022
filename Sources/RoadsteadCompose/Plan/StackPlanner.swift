import DockerAPI
import RoadsteadBasics

/// Makes a `StackPlan`; pure.
struct StackPlanner {
    let desired: DesiredStack
    let live: LiveStack
    let prune: PruneScope
    let images: [String: ImageResolution]
    var problems: [RoadsteadError] = []
    var warnings: [String]

    init(desired: DesiredStack, live: LiveStack, prune: PruneScope, images: [String: ImageResolution]) {
        self.desired = desired
        self.live = live
        self.prune = prune
        self.images = images
        warnings = desired.warnings
    }

    mutating func plan() throws(RoadsteadError) -> StackPlan {
        checkExternals()
        var steps = desired.networks.map { networkStep($0) }
        steps += desired.configs.map { configStep($0) }
        steps += desired.secrets.map { secretStep($0) }
        steps += desired.services.map { serviceStep($0) }
        steps += removals()
        try throwProblems()
        return StackPlan(stack: desired.name, steps: steps, warnings: warnings)
    }

    func throwProblems() throws(RoadsteadError) {
        guard let first = problems.first else { return }
        guard problems.count > 1 else { throw first }
        throw RoadsteadError(first.code, problems.map(\.message).joined(separator: "\n"), context: first.context)
    }

    mutating func refuse(_ code: RoadsteadError.Code, _ message: String) {
        problems.append(RoadsteadError(code, message, context: ["stack": desired.name]))
    }

    func belongsToStack(_ labels: [String: String]?) -> Bool {
        labels?[DesiredStack.namespaceLabel] == desired.name
    }
}
