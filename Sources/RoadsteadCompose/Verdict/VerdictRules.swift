/// The patience of a verdict.
public struct VerdictRules: Hashable, Sendable {
    /// How long a task without a health check must stay up: Swarm's own update monitor when the service names none.
    public var stability: Duration
    /// How often a task may fail in one place before it counts as a crash loop.
    public var crashes: Int
    /// The same for what another attempt hardly mends: no such image, a mount that is not there.
    public var rejections: Int
    /// How long "no suitable node" may stand: what is being removed or replaced still holds its place for a while.
    public var placement: Duration
    /// How long a global service may have no task at all before it is taken to fit no node.
    public var emptiness: Duration
    /// How long the other services are waited for once one has failed, so that all failures are told at once.
    public var afterFailure: Duration
    /// How long tasks of an older spec may stand while the Swarm updates nothing, before it is asked again.
    public var standstill: Duration
    /// How long a place whose attempts are counted may stand without a task before no further attempt is expected.
    public var abandonment: Duration

    public init(
        stability: Duration = .seconds(5), crashes: Int = 3, rejections: Int = 2, placement: Duration = .seconds(15),
        emptiness: Duration = .seconds(3), afterFailure: Duration = .seconds(5),
        standstill: Duration = .seconds(10), abandonment: Duration = .seconds(5)
    ) {
        self.stability = stability
        self.crashes = crashes
        self.rejections = rejections
        self.placement = placement
        self.emptiness = emptiness
        self.afterFailure = afterFailure
        self.standstill = standstill
        self.abandonment = abandonment
    }
}
