import RoadsteadBasics

extension KeyedLock {
    /// Runs `body` while no other runs under the key, so that one process never makes a thing twice.
    func alone<Value: Sendable>(
        _ key: Key, _ body: () async throws(CloudError) -> Value
    ) async throws(CloudError) -> Value {
        do {
            return try await withLock(key) { _ in try await body() }
        } catch let error as CloudError {
            throw error
        } catch { throw CloudError(.cancelled, "cancelled") }
    }
}
