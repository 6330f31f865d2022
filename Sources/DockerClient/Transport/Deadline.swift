/// The deadline passed before the work was done.
struct DeadlinePassed: Error {}

/// Runs `body`, and cancels it and throws `DeadlinePassed` when it takes longer than `duration`.
///
/// Our own, because async-http-client's deadline ends with the head of the answer: a body that trickles would hold the
/// caller for ever.
func withDeadline<Value: Sendable>(
    _ duration: Duration, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: duration)
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let value = first else { throw DeadlinePassed() }
        return value
    }
}
