/// Limits of a client. The defaults suit a control plane; tests make them small.
public struct EngineOptions: Sendable {
    /// Until a connection stands, TLS included.
    public var connectTimeout: Duration = .seconds(10)
    /// Around one whole call, head and body. Streams have none: they end with their task.
    public var deadline: Duration = .seconds(60)
    /// For calls that make the engine fetch or make something first: create, start, stop, import.
    public var longDeadline: Duration = .seconds(600)
    /// Bytes of one answer.
    public var bodyLimit = 64 << 20
    /// Connections for ordinary calls at a time; more calls wait for one.
    public var connections = 16
    /// Streams (events, logs, pulls) at a time.
    public var streams = 1024

    public init() {}
}
