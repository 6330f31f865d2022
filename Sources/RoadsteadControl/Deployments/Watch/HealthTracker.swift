import RoadsteadBasics

/// Decides when what is seen of a deployment is worth writing down. Pure.
///
/// Bad news is written at once. Good news waits until it has lasted for a while, and longer each time: a container that
/// starts and dies without end must not fill the store with events. The same trouble for another reason is written
/// once in ten seconds.
struct HealthTracker: Hashable, Sendable {
    static let firstHold = Duration.seconds(3)
    static let longestHold = Duration.seconds(300)
    static let reasonPause = Duration.seconds(10)
    /// After so long without trouble it counts as new.
    static let memory = Duration.seconds(3600)

    /// What the document says; nil when it says nothing yet.
    private(set) var shown: DeploymentHealth?
    private var shownAt: Instant?
    private var troubles = 0
    private var lastTrouble: Instant?
    private var betterSince: Instant?
    /// When to look again although nothing happened.
    private(set) var due: Instant?

    init(shown: DeploymentHealth? = nil) { self.shown = shown }

    /// What the document shall say now; nil when it may stay as it is.
    mutating func observe(_ seen: DeploymentHealth, at now: Instant) -> DeploymentHealth? {
        due = nil
        guard let shown else { return write(seen, at: now) }
        if seen == shown {
            betterSince = nil
            return nil
        }
        if shown.level == .unknown || seen.isWorse(than: shown) { return write(seen, at: now) }
        if seen.level == shown.level { return otherReason(seen, at: now) }
        return improvement(seen, at: now)
    }

    private mutating func otherReason(_ seen: DeploymentHealth, at now: Instant) -> DeploymentHealth? {
        betterSince = nil
        guard let shownAt, now - shownAt < Self.reasonPause else { return write(seen, at: now) }
        due = shownAt + Self.reasonPause
        return nil
    }

    private mutating func improvement(_ seen: DeploymentHealth, at now: Instant) -> DeploymentHealth? {
        let since = betterSince ?? now
        betterSince = since
        guard now - since < hold else { return write(seen, at: now) }
        due = since + hold
        return nil
    }

    private var hold: Duration {
        min(Self.longestHold, Self.firstHold * (1 << min(max(troubles - 1, 0), 8)))
    }

    private mutating func write(_ seen: DeploymentHealth, at now: Instant) -> DeploymentHealth {
        if let shown, seen.isWorse(than: shown), seen.level != .unknown {
            let isNew = lastTrouble.map { now - $0 > Self.memory } ?? true
            troubles = isNew ? 1 : troubles + 1
            lastTrouble = now
        }
        (shown, shownAt, betterSince) = (seen, now, nil)
        return seen
    }
}
