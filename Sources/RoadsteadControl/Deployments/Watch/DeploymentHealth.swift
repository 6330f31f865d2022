/// How a deployed stack is doing: the attributes `health` and `reason` of a deployment.
public struct DeploymentHealth: Hashable, Sendable {
    /// Raw values are the wire's, from good to bad.
    public enum Level: String, Hashable, Sendable, CaseIterable {
        /// Every service does what it should.
        case healthy
        /// Some service does not.
        case degraded
        /// No service runs.
        case down
        /// The Swarm does not answer.
        case unknown
    }

    public var level: Level
    /// For people; empty when all is well.
    public var reason: String

    public init(_ level: Level, _ reason: String = "") {
        self.level = level
        self.reason = Self.cut(reason)
    }

    /// Reasons are kept short: the engine's words may be pages.
    static func cut(_ text: String) -> String { text.count > 1000 ? text.prefix(999) + "…" : text }

    func isWorse(than other: DeploymentHealth) -> Bool { rank > other.rank }

    private var rank: Int { Level.allCases.firstIndex(of: level) ?? 0 }
}
