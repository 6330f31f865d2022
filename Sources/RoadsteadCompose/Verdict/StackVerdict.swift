import DockerAPI
import RoadsteadBasics

/// Decides whether a stack does what its file says; a pure state machine fed with what the engine says.
///
/// Feed it until `outcome` is no longer `converging`; then fetch the logs that `logRequests` names and hand them in by
/// `record(logLines:for:)`. Time comes only with the observations.
public struct StackVerdict: Sendable {
    public enum Outcome: Hashable, Sendable {
        case converging
        case succeeded
        case failed([ServiceFailure])
    }

    public let stack: String
    public let timeout: Duration
    private let rules: VerdictRules
    private let startedAt: Instant
    private var verdicts: [ServiceVerdict]
    private var settledSince: [String: Instant] = [:]
    private var failedSince: Instant?
    public private(set) var outcome: Outcome = .converging

    /// - Parameters:
    ///   - failures: known before: of services that were waited for, and of those that were not deployed therefore.
    ///   - timeout: counted from `startedAt`; services that are not decided by then have failed.
    public init(
        stack: String, expectations: [ServiceExpectation], failures: [ServiceFailure] = [],
        rules: VerdictRules = VerdictRules(), startedAt: Instant, timeout: Duration
    ) {
        self.stack = stack
        self.timeout = timeout
        self.rules = rules
        self.startedAt = startedAt
        let failed = Set(failures.map(\.service))
        let ids = Dictionary(expectations.map { ($0.key, $0.id) }, uniquingKeysWith: { first, _ in first })
        verdicts = expectations.filter { !failed.contains($0.key) }
            .map { ServiceVerdict($0, rules: rules, startedAt: startedAt) }
        verdicts += failures.map { ServiceVerdict(failed: $0, id: ids[$0.service] ?? "", startedAt: startedAt) }
        if verdicts.isEmpty { outcome = .succeeded }
    }

    public mutating func feed(_ observation: StackObservation) {
        guard outcome == .converging else { return }
        for index in verdicts.indices {
            let since = othersSettledSince(index, at: observation.at)
            verdicts[index].feed(observation, othersSettledSince: since)
        }
        if observation.at - startedAt >= timeout {
            for index in verdicts.indices { verdicts[index].expire(after: timeout) }
        }
        conclude(at: observation.at)
    }

    /// Ids of services that the Swarm has left half-way: sending their specs once more, unchanged, makes it go on.
    public mutating func takeReminders(at now: Instant) -> [String] {
        guard outcome == .converging else { return [] }
        return verdicts.indices.filter { verdicts[$0].takeReminder(at: now) }.map { verdicts[$0].expectation.id }
    }

    /// Since when all services but this one are settled; nil while some are not.
    private mutating func othersSettledSince(_ index: Int, at now: Instant) -> Instant? {
        let id = verdicts[index].expectation.id
        guard verdicts.indices.allSatisfy({ $0 == index || verdicts[$0].isSettled }) else {
            settledSince[id] = nil
            return nil
        }
        // With nobody to wait for, failures count from the beginning.
        let since = settledSince[id] ?? (verdicts.count == 1 ? startedAt : now)
        settledSince[id] = since
        return since
    }

    private mutating func conclude(at now: Instant) {
        let failures = self.failures
        if failures.isEmpty {
            if verdicts.allSatisfy(\.state.isDecided) { outcome = .succeeded }
            return
        }
        let since = failedSince ?? now
        failedSince = since
        guard verdicts.allSatisfy(\.state.isDecided) || now - since >= rules.afterFailure else { return }
        outcome = .failed(failures)
    }

    /// The failures so far.
    public var failures: [ServiceFailure] {
        verdicts.compactMap { if case .failed(let failure) = $0.state { failure } else { nil } }
    }

    public var services: [ServiceProgress] { verdicts.map(\.progress) }

    /// Notes on services that succeeded, yet otherwise than one may expect.
    public var notes: [String] {
        verdicts.compactMap { verdict in
            guard case .succeeded(let note?) = verdict.state else { return nil }
            return "service \(verdict.expectation.key) \(note)"
        }
    }
}

// MARK: - Logs of what failed

extension StackVerdict {
    public struct LogRequest: Hashable, Sendable {
        public var service: String
        public var taskID: String
    }

    /// The tasks whose last log lines tell why a service failed.
    public var logRequests: [LogRequest] {
        failures.compactMap { failure in
            failure.lastLogLines.isEmpty
                ? failure.taskID.map { LogRequest(service: failure.service, taskID: $0) } : nil
        }
    }

    public mutating func record(logLines: [String], for request: LogRequest) {
        guard let index = verdicts.firstIndex(where: { $0.expectation.key == request.service }) else { return }
        verdicts[index].record(logLines: logLines)
        if case .failed = outcome { outcome = .failed(failures) }
    }
}
