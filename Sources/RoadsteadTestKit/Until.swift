/// Waits until something holds, looking every millisecond; for a minute at most, then it throws what was waited for.
///
/// It sleeps in between and ends: a loop of `Task.yield` once went on for ever on a busy machine, and the whole test run
/// with it; why the task that it waited for did not come was not found out.
public func until(_ what: String, _ holds: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(60)
    while try await !holds() {
        guard ContinuousClock.now < end else { throw WaitedInVain(what: what) }
        try await Task.sleep(for: .milliseconds(1))
    }
}

struct WaitedInVain: Error, CustomStringConvertible {
    let what: String

    var description: String { "waited in vain for: \(what)" }
}
