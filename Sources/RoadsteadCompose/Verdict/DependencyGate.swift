import DockerAPI
import RoadsteadBasics

/// Tells when a service may be created or updated, as far as one of its dependencies is concerned; pure.
///
/// Fed with what the engine says about the service that is waited for. What opens it:
/// - started: as many containers run as should, whether or not their health checks pass yet;
/// - healthy: as many tasks run as should; a Swarm calls one running only when its health check passes;
/// - completed: as many places as should have a task of the current spec that ended with status 0.
///
/// What would fail a deployment of that service fails the gate.
public struct DependencyGate: Sendable {
    public enum State: Hashable, Sendable {
        case waiting
        case open
        /// Why the dependency does not get there.
        case failed(ServiceFailure)
    }

    public let dependency: ServiceDependency
    public private(set) var state: State = .waiting
    private let startedAt: Instant
    private let timeout: Duration
    private var verdict: ServiceVerdict

    /// - Parameters:
    ///   - expectation: the service that is waited for, as it was applied.
    ///   - timeout: counted from `startedAt`.
    public init(
        _ dependency: ServiceDependency, on expectation: ServiceExpectation, rules: VerdictRules = VerdictRules(),
        startedAt: Instant, timeout: Duration
    ) {
        self.dependency = dependency
        self.startedAt = startedAt
        self.timeout = timeout
        verdict = ServiceVerdict(expectation, rules: rules, startedAt: startedAt)
    }

    public mutating func feed(_ observation: StackObservation) {
        guard state == .waiting else { return }
        verdict.feed(observation, othersSettledSince: startedAt)
        if isMet(observation) {
            state = .open
            return
        }
        if observation.at - startedAt >= timeout { verdict.expire(after: timeout) }
        if case .failed(let failure) = verdict.state { state = .failed(failure) }
    }

    private func isMet(_ observation: StackObservation) -> Bool {
        guard let service = observation.services.first(where: { $0.id == verdict.expectation.id }) else {
            return false
        }
        let tasks = TaskCensus(
            service: service, tasks: observation.tasks.filter { $0.serviceID == service.id })
        switch dependency.condition {
        case .started: return tasks.isConverged || tasks.isStarted
        case .healthy: return tasks.isConverged && !tasks.isUpdating
        case .completed: return tasks.hasEndedWell
        }
    }
}

extension TaskCensus {
    /// Containers of the current spec run in every place, healthy or not.
    var isStarted: Bool {
        let started = current.filter { task in
            let hasContainer = (task.status.containerStatus?.pid ?? 0) > 0
            return task.isWanted && (task.status.state == .running || (task.status.state == .starting && hasContainer))
        }
        let places = Set(started.map(Self.place)).count
        return !isJob && places > 0 && places >= desired
    }

    /// Whether the service may go on or not: each place had a task that ended with status 0.
    var hasEndedWell: Bool {
        if isJob { return isConverged }
        let ended = Set(current.filter { $0.status.state == .complete }.map(Self.place))
        return !ended.isEmpty && ended.count >= desired
    }
}
