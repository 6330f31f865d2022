import DockerAPI
import RoadsteadBasics

/// What the engine said about a stack's services at one moment: the food of a `StackVerdict`.
public struct StackObservation: Hashable, Sendable {
    public var services: [Service]
    /// All tasks of these services, those of older specs and ended ones too.
    public var tasks: [SwarmTask]
    /// Host names by node id, for messages.
    public var nodeNames: [String: String]
    /// By our own clock.
    public var at: Instant

    public init(services: [Service], tasks: [SwarmTask], nodeNames: [String: String] = [:], at: Instant) {
        self.services = services
        self.tasks = tasks
        self.nodeNames = nodeNames
        self.at = at
    }
}

/// A service that is watched, and what the deployment did to it.
public struct ServiceExpectation: Hashable, Sendable {
    public enum Change: String, Hashable, Sendable, CaseIterable { case created, updated, unchanged }

    /// The name in the file, for people.
    public var key: String
    public var id: String
    public var change: Change

    public init(key: String, id: String, change: Change) {
        self.key = key
        self.id = id
        self.change = change
    }
}
