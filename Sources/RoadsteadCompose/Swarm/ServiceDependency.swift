/// One entry of a service's `depends_on`: another service of the same stack, and what is waited for.
///
/// Swarm knows no order; whoever applies a stack holds a service back until its dependencies are as they should be.
/// Source: the Compose specification, services, `depends_on`.
public struct ServiceDependency: Hashable, Sendable {
    public enum Condition: String, Hashable, Sendable, CaseIterable {
        /// Its tasks run.
        case started = "service_started"
        /// Its tasks run and their health checks pass.
        case healthy = "service_healthy"
        /// Its tasks ended with exit status 0.
        case completed = "service_completed_successfully"
    }

    /// The name in the file of the service that is waited for.
    public var key: String
    public var condition: Condition
    /// Whether this service is restarted after that one was updated.
    public var restart: Bool
    /// When false, a dependency that is not in the stack is no error.
    public var required: Bool

    public init(key: String, condition: Condition = .started, restart: Bool = false, required: Bool = true) {
        self.key = key
        self.condition = condition
        self.restart = restart
        self.required = required
    }
}
