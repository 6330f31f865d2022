/// A command for a host: POSIX sh text, what it reads, and what it may cost.
public struct RemoteCommand: Sendable {
    /// Text for `sh -c` on the host. It shows in the process list there: secrets go into `input`.
    public var script: String
    /// What the command reads from its standard input.
    public var input: [UInt8]
    /// As root: by `sudo -n` where the login is not root.
    public var asRoot: Bool
    /// At most this long; then the connection of the command is cut, and the host's sshd ends it as it does at a hang-up.
    public var timeLimit: Duration
    /// At most so many bytes of standard output, and as many of standard error.
    public var outputLimit: Int

    public init(
        _ script: String, input: [UInt8] = [], asRoot: Bool = false, timeLimit: Duration = .seconds(120),
        outputLimit: Int = 1 << 20
    ) {
        self.script = script
        self.input = input
        self.asRoot = asRoot
        self.timeLimit = timeLimit
        self.outputLimit = outputLimit
    }

    /// A command out of words, each of them quoted.
    public init(words: [String], asRoot: Bool = false) { self.init(ShellWord.line(words), asRoot: asRoot) }

    /// A script that is fed by standard input, so that its text, secrets included, is in no process list.
    public init(feeding script: String, asRoot: Bool = false, timeLimit: Duration = .seconds(120)) {
        self.init("exec sh -s", input: Array(script.utf8), asRoot: asRoot, timeLimit: timeLimit)
    }

    /// What ssh is told to run. The status 255 means to ssh that it failed itself: a command's own 255 becomes 254.
    func remoteText(sudo: Bool) -> String {
        let guarded = "(\(script)\n)\ns=$?; [ \"$s\" -ne 255 ] || s=254; exit \"$s\""
        return (sudo ? "exec sudo -n -- sh -c " : "exec sh -c ") + ShellWord.quoted(guarded)
    }
}

/// What a command on a host did.
public struct RemoteResult: Sendable, Hashable {
    public var status: Int
    public var output: [UInt8]
    public var error: [UInt8]

    public init(status: Int, output: [UInt8], error: [UInt8]) {
        self.status = status
        self.output = output
        self.error = error
    }

    public var outputText: String { String(decoding: output, as: UTF8.self) }
    public var errorText: String { String(decoding: error, as: UTF8.self) }

    /// The last lines of standard error, for a message.
    var lastWords: String {
        errorText.split(separator: "\n").suffix(3).joined(separator: "; ").prefix(400).description
    }
}
