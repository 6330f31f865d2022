import DockerAPI
import RoadsteadBasics

extension StackPlanner {
    /// Whoever waits for himself would wait without end.
    mutating func checkDependencies() {
        guard let cycle = DependencyOrder(desired.services).cycle else { return }
        refuse(.invalidInput, "services depend on each other in a circle: \(cycle.joined(separator: " -> "))")
    }

    /// Services that asked for it are restarted after a dependency whose tasks are replaced, and so on along the chain.
    mutating func restartDependents(_ steps: inout [PlanStep]) {
        var rolling = Set(steps.indices.filter { steps[$0].isRolling }.map { desired.services[$0].key })
        for index in DependencyOrder(desired.services).order where !steps[index].isRolling {
            let service = desired.services[index]
            guard let cause = service.dependencies.first(where: { $0.restart && rolling.contains($0.key) }),
                let step = restart(steps[index], after: cause.key)
            else { continue }
            steps[index] = step
            rolling.insert(service.key)
        }
    }

    private func restart(_ step: PlanStep, after key: String) -> PlanStep? {
        guard case .service(var spec) = step.payload.exposed, step.action != .create else { return nil }
        let number = spec.taskTemplate.forceUpdate ?? 0
        spec.taskTemplate.forceUpdate = number + 1
        let change = FieldChange(
            path: "TaskTemplate.ForceUpdate", from: .integer(Int64(clamping: number)),
            to: .integer(Int64(clamping: number + 1)))
        var restarted = PlanStep(
            step.kind, step.name, .update(step.changes + [change]), id: step.id, version: step.version,
            payload: .service(spec))
        restarted.isRolling = true
        restarted.note = "restarted after \(key)"
        return restarted
    }
}

/// Services in the order in which they may be started.
public struct DependencyOrder: Sendable {
    /// Positions in the list, each after those that it depends on.
    public private(set) var order: [Int] = []
    /// Keys of services that depend on each other, the first one again at the end.
    public private(set) var cycle: [String]?

    private enum Mark { case open, done }

    public init(_ services: [DesiredService]) {
        let positions = Dictionary(
            services.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
        var marks: [Int: Mark] = [:]
        var path: [String] = []
        func visit(_ index: Int) {
            guard marks[index] != .done else { return }
            let service = services[index]
            if marks[index] == .open {
                let start = path.firstIndex(of: service.key) ?? 0
                cycle = cycle ?? Array(path[start...]) + [service.key]
                return
            }
            marks[index] = .open
            path.append(service.key)
            for dependency in service.dependencies { positions[dependency.key].map(visit) }
            path.removeLast()
            marks[index] = .done
            order.append(index)
        }
        for index in services.indices { visit(index) }
    }
}
