import DockerAPI

extension StackPlanner {
    func removals() -> [PlanStep] {
        guard prune != .none else { return outdatedFiles() }
        let kept = Set(desired.services.map(\.name))
        let services = live.services.filter { belongsToStack($0.spec.labels) && !kept.contains($0.spec.name ?? "") }
        var steps = services.map { PlanStep(.service, $0.spec.name ?? $0.id, .remove, id: $0.id) }
        steps += outdatedFiles()
        guard prune == .everything else { return steps }
        // Those of files that the stack still has are earlier contents.
        let (configs, secrets) = (Set(desired.configs.map(\.base)), Set(desired.secrets.map(\.base)))
        let networks = Set(desired.networks.map(\.name))
        // What is declared as external stays, whoever made it.
        let external = desired.external.adding(desired.spared)
        steps += live.configs.filter {
            belongsToStack($0.spec.labels) && !configs.contains($0.spec.base)
                && !external.configs.contains($0.spec.name)
        }.map { PlanStep(.config, $0.spec.name, .remove, id: $0.id) }
        steps += live.secrets.filter {
            belongsToStack($0.spec.labels) && !secrets.contains($0.spec.base)
                && !external.secrets.contains($0.spec.name)
        }.map { PlanStep(.secret, $0.spec.name, .remove, id: $0.id) }
        steps += live.networks.filter {
            belongsToStack($0.labels) && !networks.contains($0.name) && !external.networks.contains($0.name)
                && $0.scope == "swarm"
        }.map { PlanStep(.network, $0.name, .remove, id: $0.id) }
        return steps
    }

    mutating func warnAboutLeftovers() {
        let kept = Set(desired.services.map(\.name))
        let names = live.services.filter { belongsToStack($0.spec.labels) }.compactMap(\.spec.name)
        for name in names.sorted() where !kept.contains(name) {
            warnings.append("service \(name) is not in the file: it stays, and would be removed with --prune")
        }
    }

    /// Earlier contents of configs and secrets, but for the last few; they go whatever else is removed.
    private func outdatedFiles() -> [PlanStep] {
        func steps(
            _ kind: PlanStep.Kind, _ files: [LiveFile], _ desired: [FileSpec], _ external: [String]
        ) -> [PlanStep] {
            let rotation = FileRotation(stack: self.desired.name, isExact: false, live: files)
            let current = Set(desired.map(\.name) + external)
            return rotation.outdated(current: current, bases: Set(desired.map(\.base))).map { file in
                var step = PlanStep(kind, file.name, .remove, id: file.id)
                step.note = "old content of \(file.base)"
                return step
            }
        }
        let external = desired.external.adding(desired.spared)
        return steps(.config, live.configFiles, desired.configs, external.configs)
            + steps(.secret, live.secretFiles, desired.secrets, external.secrets)
    }
}
