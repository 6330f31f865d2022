import RoadsteadBasics

/// Decides how a watch goes on after its event stream ended or a call failed: stream again, poll, or give up.
///
/// Pure, so that every path can be tested: a server that restarts must not end the watch, one that has no event streams
/// must not be asked for them for ever.
struct JobWatchPolicy: Sendable {
    enum Step: Equatable {
        /// Wait so long, then look at the job, then open the stream again.
        case stream(after: Duration)
        /// Wait so long, then look at the job; no stream.
        case poll(after: Duration)
        case giveUp
    }

    let patience: Duration
    let pollInterval: Duration
    private var failingSince: Instant?
    private var failures = 0
    private var isPolling = false

    init(patience: Duration, pollInterval: Duration) {
        self.patience = patience
        self.pollInterval = pollInterval
    }

    /// The server answered: the job's document came, by stream or by a call.
    mutating func answered() {
        failingSince = nil
        failures = 0
    }

    /// The stream ended although the job has not.
    mutating func streamEnded() -> Step {
        failures += 1
        return isPolling ? .poll(after: pollInterval) : .stream(after: backoff)
    }

    /// The job was looked at and has not ended.
    func pending() -> Step { isPolling ? .poll(after: pollInterval) : .stream(after: .zero) }

    mutating func failed(_ error: RoadsteadError, opening isStream: Bool, at now: Instant) -> Step {
        switch (error.code, isStream) {
        case (.unavailable, _), (.timeout, _): return retry(at: now)
        case (.notFound, true), (.unsupported, true), (.invalidInput, true):
            // A server without event streams (Nuvla itself): the job is looked at instead.
            isPolling = true
            return .poll(after: .zero)
        default: return .giveUp
        }
    }

    private mutating func retry(at now: Instant) -> Step {
        let since = failingSince ?? now
        failingSince = since
        failures += 1
        guard now - since < patience else { return .giveUp }
        return isPolling ? .poll(after: max(backoff, pollInterval)) : .stream(after: backoff)
    }

    /// 0.1 s, doubled each time, at most 2 s.
    private var backoff: Duration { min(.seconds(2), .milliseconds(100) * (1 << min(failures - 1, 5))) }
}
