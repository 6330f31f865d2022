import RoadsteadBasics

/// How far one service is.
public struct ServiceProgress: Hashable, Sendable {
    public enum State: String, Hashable, Sendable, CaseIterable { case converging, succeeded, failed }

    /// The name in the file.
    public var service: String
    /// The name on the Swarm.
    public var name: String
    /// `replicated`, `global`, `replicated-job` or `global-job`.
    public var mode: String
    public var state: State
    public var running: Int
    /// Tasks that should run; for jobs, runs that should end well.
    public var desired: Int
    /// Tasks that ended well, where they may.
    public var completed: Int
    /// What it waits for or why it failed, in a few words.
    public var message: String

    public init(
        service: String, name: String, mode: String = "replicated", state: State = .converging, running: Int = 0,
        desired: Int = 0, completed: Int = 0, message: String = ""
    ) {
        self.service = service
        self.name = name
        self.mode = mode
        self.state = state
        self.running = running
        self.desired = desired
        self.completed = completed
        self.message = message
    }

    public func json() -> JSONValue {
        [
            "service": .string(service), "name": .string(name), "mode": .string(mode),
            "state": .string(state.rawValue), "running": JSONValue(running), "desired": JSONValue(desired),
            "completed": JSONValue(completed), "message": .string(message),
        ]
    }
}
