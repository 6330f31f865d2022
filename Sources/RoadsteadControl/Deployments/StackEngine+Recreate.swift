import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadCompose

extension StackEngine {
    /// Removes what the plan makes anew: services first, those that leave the file among them, then, when their tasks have
    /// ended, networks and volumes. The nodes make the volumes when the next tasks need them.
    ///
    /// Returns the names of the services that it has removed.
    func clear(
        _ plan: StackPlan, _ progress: @Sendable @escaping (StackProgress) async -> Void
    ) async throws -> Set<String> {
        let steps = plan.steps.filter(\.isRecreation)
        guard !steps.isEmpty else { return [] }
        let isHeld = steps.contains { $0.kind != .service }
        let services = plan.steps(.service).filter { $0.isRecreation || (isHeld && $0.action == .remove) }
        let volumes = steps.filter { $0.kind == .volume }
        let reach = try await checkReach(volumes)
        let deadline = clock.now + .seconds(120)
        _ = try await concurrently(services) { try await remove($0, progress) }
        try await waitForTasks(ofServices: Set(services.compactMap(\.id)), of: plan.stack, deadline: deadline, progress)
        _ = try await concurrently(steps.filter { $0.kind == .network }) {
            try await removeWhenFree($0, deadline: deadline, progress)
        }
        if let reach {
            _ = try await concurrently(volumes) {
                try await removeVolume($0, reach, deadline: deadline, progress)
            }
        }
        return Set(services.map(\.name))
    }
}

extension PlanStep {
    var isRecreation: Bool { if case .recreate = action { true } else { false } }
}
