import DockerAPI

extension StackPlanner {
    func removals() -> [PlanStep] {
        guard prune != .none else { return [] }
        let kept = Set(desired.services.map(\.name))
        let services = live.services.filter { belongsToStack($0.spec.labels) && !kept.contains($0.spec.name ?? "") }
        var steps = services.map { PlanStep(.service, $0.spec.name ?? $0.id, .remove, id: $0.id) }
        guard prune == .everything else { return steps }
        let (configs, secrets) = (Set(desired.configs.map(\.name)), Set(desired.secrets.map(\.name)))
        let networks = Set(desired.networks.map(\.name))
        // What is used as external stays, whoever made it.
        let external = desired.external
        steps += live.configs.filter {
            belongsToStack($0.spec.labels) && !configs.contains($0.spec.name)
                && !external.configs.contains($0.spec.name)
        }.map { PlanStep(.config, $0.spec.name, .remove, id: $0.id) }
        steps += live.secrets.filter {
            belongsToStack($0.spec.labels) && !secrets.contains($0.spec.name)
                && !external.secrets.contains($0.spec.name)
        }.map { PlanStep(.secret, $0.spec.name, .remove, id: $0.id) }
        steps += live.networks.filter {
            belongsToStack($0.labels) && !networks.contains($0.name) && !external.networks.contains($0.name)
                && $0.scope == "swarm"
        }.map { PlanStep(.network, $0.name, .remove, id: $0.id) }
        return steps
    }
}
