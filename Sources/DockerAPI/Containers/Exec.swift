/// A command to run in a running container (body of `POST /containers/{id}/exec`).
public struct ExecCreate: Codable, Hashable, Sendable {
    public var cmd: [String]
    public var env: [String]?
    public var user: String?
    public var workingDir: String?
    public var tty: Bool
    public var attachStdin: Bool
    public var attachStdout: Bool
    public var attachStderr: Bool
    public var privileged: Bool?

    /// `attachStdin` false gives the command an empty input.
    public init(_ cmd: [String], tty: Bool = false, attachStdin: Bool = false) {
        self.cmd = cmd
        self.tty = tty
        self.attachStdin = attachStdin
        attachStdout = true
        attachStderr = true
    }

    enum CodingKeys: String, CodingKey {
        case cmd = "Cmd"
        case env = "Env"
        case user = "User"
        case workingDir = "WorkingDir"
        case tty = "Tty"
        case attachStdin = "AttachStdin"
        case attachStdout = "AttachStdout"
        case attachStderr = "AttachStderr"
        case privileged = "Privileged"
    }
}

/// The state of such a command (`GET /exec/{id}/json`).
public struct ExecState: Codable, Hashable, Sendable {
    public var id: String
    public var running: Bool
    /// nil while it runs.
    public var exitCode: Int?
    public var pid: Int?

    public init(id: String, running: Bool, exitCode: Int? = nil) {
        self.id = id
        self.running = running
        self.exitCode = exitCode
    }

    enum CodingKeys: String, CodingKey {
        case id = "ID"
        case running = "Running"
        case exitCode = "ExitCode"
        case pid = "Pid"
    }
}
