import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadCompose

/// Which services of a stack may be created or updated next, while their dependencies are watched; pure.
///
/// Services that do not change wait for nobody. One whose dependency failed is withheld, and so are those that wait for
/// it.
struct StackRollout {
    private let services: [String: DesiredService]
    private let changing: Set<String>
    private let startedAt: Instant
    private let timeout: Duration
    private let rules: VerdictRules

    private(set) var waiting: [String]
    private(set) var failures: [ServiceFailure] = []
    private var failed: [String: ServiceFailure] = [:]
    private var applied: [String: ServiceExpectation] = [:]
    /// By the waiting service and the one that it waits for.
    private var gates: [String: [String: DependencyGate]] = [:]

    /// - Parameter changing: keys of the services that the plan changes; the others are there already.
    init(
        _ services: [DesiredService], changing: Set<String>, startedAt: Instant, timeout: Duration,
        rules: VerdictRules = VerdictRules()
    ) {
        self.services = Dictionary(services.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        self.changing = changing
        self.startedAt = startedAt
        self.timeout = timeout
        self.rules = rules
        waiting = services.map(\.key)
    }

    /// Whether somebody waits for what only the engine can tell.
    var needsObservation: Bool {
        waiting.contains { key in gates[key]?.values.contains { $0.state == .waiting } == true }
    }

    /// For people: who waits for what.
    var words: [String] {
        waiting.compactMap { key in
            let open = gates[key]?.values.filter { $0.state == .waiting } ?? []
            guard let gate = open.min(by: { $0.dependency.key < $1.dependency.key })?.dependency else { return nil }
            return "\(key) waits for \(gate.key) (\(gate.condition.rawValue.replacing("_", with: " ")))"
        }
    }

    /// Takes the services whose turn has come.
    mutating func next(at now: Instant) -> [String] {
        var ready: [String] = []
        var withheld = -1
        // What waits for a withheld one is withheld, too, wherever it stands in the list.
        while withheld != failed.count {
            withheld = failed.count
            for key in waiting where !ready.contains(key) && isReady(key, at: now) { ready.append(key) }
            waiting.removeAll { ready.contains($0) || failed[$0] != nil }
        }
        return ready
    }

    mutating func note(applied expectation: ServiceExpectation) { applied[expectation.key] = expectation }

    mutating func feed(_ observation: StackObservation) {
        for (key, row) in gates where waiting.contains(key) {
            for dependency in row.keys { gates[key]?[dependency]?.feed(observation) }
        }
    }

    private mutating func isReady(_ key: String, at now: Instant) -> Bool {
        guard changing.contains(key), let service = services[key] else { return true }
        var isReady = true
        for dependency in service.dependencies where services[dependency.key] != nil {
            switch gate(of: key, dependency, at: now) {
            case .open: break
            case .waiting: isReady = false
            case .failed(let cause):
                withhold(key, dependency, cause)
                return false
            }
        }
        return isReady
    }

    private mutating func gate(
        of key: String, _ dependency: ServiceDependency, at now: Instant
    ) -> DependencyGate.State {
        // Withheld itself.
        if let failure = failed[dependency.key] { return .failed(failure) }
        guard let expectation = applied[dependency.key] else { return .waiting }
        let known = gates[key]?[dependency.key]
        let gate =
            known
            ?? DependencyGate(
                dependency, on: expectation, rules: rules, startedAt: now, timeout: timeout - (now - startedAt))
        gates[key, default: [:]][dependency.key] = gate
        return gate.state
    }

    private mutating func withhold(_ key: String, _ dependency: ServiceDependency, _ cause: ServiceFailure) {
        if failed[dependency.key] == nil {
            failed[dependency.key] = cause
            failures.append(cause)
        }
        let failure = ServiceFailure.withheld(key, waitingFor: dependency, because: cause)
        failed[key] = failure
        failures.append(failure)
    }
}
