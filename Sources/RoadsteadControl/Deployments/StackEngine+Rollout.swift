import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadCompose

/// A service that was created, updated, or left as it was.
struct AppliedService: Sendable {
    var key: String
    var name: String
    var id: String
    var change: ServiceExpectation.Change
    var warnings: [String]

    var expectation: ServiceExpectation { ServiceExpectation(key: key, id: id, change: change) }
}

extension StackEngine {
    private enum News: Sendable {
        case applied(AppliedService)
        case observed(StackObservation?)
    }

    /// Applies the services' steps, each when its dependencies are as they should be, independent ones at the same time.
    ///
    /// - Returns: what was applied, and the failures of dependencies with what was withheld because of them.
    func rollOut(
        _ prepared: PreparedStack, _ resolver: SpecResolver,
        _ progress: @Sendable @escaping (StackProgress) async -> Void
    ) async throws -> (services: [AppliedService], failures: [ServiceFailure]) {
        let keys = Dictionary(
            prepared.desired.services.map { ($0.name, $0.key) }, uniquingKeysWith: { first, _ in first })
        let steps = Dictionary(
            prepared.plan.steps(.service).filter { $0.action != .remove }.map { (keys[$0.name] ?? $0.name, $0) },
            uniquingKeysWith: { first, _ in first })
        var rollout = StackRollout(
            prepared.desired.services, changing: Set(steps.filter { $0.value.isChange }.keys), startedAt: clock.now,
            timeout: prepared.options.timeout)
        return try await withThrowingTaskGroup(of: News.self) { group in
            var (done, running, isObserving, told) = ([AppliedService](), 0, false, [String]())
            var queue = rollout.next(at: clock.now)
            while true {
                while running < 16, let key = queue.first {
                    queue.removeFirst()
                    guard let step = steps[key] else { continue }
                    running += 1
                    group.addTask {
                        .applied(try await applyService(step, key, resolver, prepared.options, progress))
                    }
                }
                if rollout.needsObservation, !isObserving {
                    isObserving = true
                    group.addTask { [stack = prepared.plan.stack] in .observed(try await observe(stack)) }
                }
                if rollout.words != told {
                    told = rollout.words
                    for line in told { await progress(.note(line)) }
                }
                guard running > 0 || isObserving, let news = try await group.next() else { break }
                switch news {
                case .applied(let service):
                    running -= 1
                    done.append(service)
                    rollout.note(applied: service.expectation)
                case .observed(let observation):
                    isObserving = false
                    if let observation { rollout.feed(observation) }
                }
                queue += rollout.next(at: clock.now)
            }
            let order = Dictionary(
                prepared.desired.services.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
            return (done.sorted { (order[$0.key] ?? 0) < (order[$1.key] ?? 0) }, rollout.failures)
        }
    }

    /// What a gate wants to know, a short while from now; nil when the engine does not answer at the moment.
    private func observe(_ stack: String) async throws -> StackObservation? {
        try await clock.sleep(for: pace.first)
        do {
            let tasks = try await client.tasks(Self.label(stack))
            let services = try await client.services(Self.label(stack))
            return StackObservation(services: services, tasks: tasks, at: clock.now)
        } catch {
            try Task.checkCancellation()
            guard error.isPassing else { throw error }
            return nil
        }
    }
}
