import Foundation

/// Where the current moment and waiting come from. Injected, so that tests own time.
public protocol WallClock: Sendable {
    var now: Instant { get }

    /// Returns after `duration`, or throws `CancellationError` at once when the task is cancelled.
    func sleep(for duration: Duration) async throws
}

/// The machine's clock.
public struct SystemClock: WallClock {
    public init() {}

    public var now: Instant {
        Instant(millisecondsSinceEpoch: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
    }

    public func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}
