import DockerAPI
import RoadsteadBasics

/// What was seen of a service's tasks, since the Swarm soon forgets ended ones (`task-history-limit`).
struct TaskMemory: Sendable {
    struct SeenFailure: Sendable {
        var failure: TaskFailure
        /// When its task was first seen in any state.
        var firstSeen: Instant
        var isCurrent: Bool
    }

    struct Place: Sendable { var failures: [SeenFailure] }

    private var firstSeen: [String: Instant] = [:]
    private var firstSeenRunning: [String: Instant] = [:]
    private var failed: Set<String> = []
    private var ignored: Set<String> = []
    private var places: [String: Place] = [:]
    private var hasFed = false
    private(set) var lastFailure: TaskFailure?
    private(set) var lastIgnoredFailure: TaskFailure?

    mutating func note(
        _ census: TaskCensus, expectation: ServiceExpectation, nodeNames: [String: String], at now: Instant
    ) {
        for task in census.all {
            if firstSeen[task.id] == nil { firstSeen[task.id] = now }
            if task.status.state == .running, firstSeenRunning[task.id] == nil { firstSeenRunning[task.id] = now }
            noteFailure(task, census, expectation: expectation, nodeNames: nodeNames, at: now)
        }
        hasFed = true
    }

    private mutating func noteFailure(
        _ task: SwarmTask, _ census: TaskCensus, expectation: ServiceExpectation, nodeNames: [String: String],
        at now: Instant
    ) {
        guard !failed.contains(task.id), !ignored.contains(task.id),
            let failure = TaskFailure(task, mayEnd: census.mayEnd, nodeNames: nodeNames)
        else { return }
        if !hasFed, census.isOld(task, expectation: expectation) {
            ignored.insert(task.id)
            lastIgnoredFailure = failure
            return
        }
        failed.insert(task.id)
        lastFailure = failure
        let seen = SeenFailure(
            failure: failure, firstSeen: firstSeen[task.id] ?? now, isCurrent: census.isCurrent(task))
        places[TaskCensus.place(of: task), default: Place(failures: [])].failures.append(seen)
    }

    func failureCount(at place: String) -> Int { places[place]?.failures.count(where: \.isCurrent) ?? 0 }

    /// The place (slot or node) with the most failures of the current spec.
    func worstPlace() -> Place? { places { _ in true }.first }

    /// The places with failures of the current spec, those with the most first.
    func places(where isMeant: (String) -> Bool) -> [Place] {
        let candidates = places.compactMap { key, place -> (key: String, place: Place)? in
            let failures = place.failures.filter(\.isCurrent)
            return failures.isEmpty || !isMeant(key) ? nil : (key, Place(failures: failures))
        }
        // Ties by name, so that the same observations always give the same verdict.
        return candidates.sorted { ($1.place.failures.count, $0.key) < ($0.place.failures.count, $1.key) }.map(\.place)
    }

    /// Since when a running task is up. What this deployment started counts from when we saw it; what ran before
    /// counts by the engine's word, so that a deployment without changes is over at once.
    func upSince(_ task: SwarmTask, expectation: ServiceExpectation, at now: Instant) -> Instant {
        let seen = firstSeenRunning[task.id] ?? now
        guard expectation.change == .unchanged, let timestamp = task.status.timestamp else { return seen }
        return min(seen, timestamp)
    }
}
