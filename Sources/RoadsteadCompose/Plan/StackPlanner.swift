import DockerAPI
import RoadsteadBasics

/// Makes a `StackPlan`; pure.
struct StackPlanner {
    let desired: DesiredStack
    let live: LiveStack
    let prune: PruneScope
    let images: [String: ImageResolution]
    /// Names, in the file or on the Swarm, of what may be removed and made anew.
    let recreate: Set<String>
    /// Volumes that may be, and about which all nodes were asked.
    let surveyed: Set<String>
    /// Networks that this plan makes anew, and so all services on them.
    var recreatedNetworks: Set<String> = []
    /// Volumes that this plan removes with their contents, and so all services that mount them.
    var recreatedVolumes: Set<String> = []
    var problems: [RoadsteadError] = []
    var warnings: [String]

    init(
        desired: DesiredStack, live: LiveStack, prune: PruneScope, images: [String: ImageResolution],
        recreate: Set<String> = []
    ) {
        self.desired = desired.rotated(in: live)
        self.recreate = recreate
        surveyed = Set(desired.volumes(among: recreate))
        self.live = live
        self.prune = prune
        self.images = images
        warnings = desired.warnings
    }

    mutating func plan() throws(RoadsteadError) -> StackPlan {
        checkExternals()
        checkDependencies()
        checkRecreation()
        var steps = desired.networks.map { networkStep($0) } + volumeSteps()
        steps += desired.configs.map { configStep($0) }
        steps += desired.secrets.map { secretStep($0) }
        var outcome = desired
        var services: [PlanStep] = []
        for index in desired.services.indices {
            outcome.services[index].spec = finalSpec(desired.services[index])
            services.append(serviceStep(desired.services[index], outcome.services[index].spec))
        }
        restartDependents(&services)
        steps += services + removals()
        if prune == .none { warnAboutLeftovers() }
        try throwProblems()
        return StackPlan(stack: desired.name, steps: steps, warnings: warnings, outcome: outcome)
    }

    func throwProblems() throws(RoadsteadError) {
        guard let first = problems.first else { return }
        guard problems.count > 1 else { throw first }
        throw RoadsteadError(first.code, problems.map(\.message).joined(separator: "\n"), context: first.context)
    }

    mutating func refuse(_ code: RoadsteadError.Code, _ message: String, context: [String: String] = [:]) {
        problems.append(RoadsteadError(code, message, context: context.merging(["stack": desired.name]) { $1 }))
    }

    func belongsToStack(_ labels: [String: String]?) -> Bool {
        labels?[DesiredStack.namespaceLabel] == desired.name
    }
}
