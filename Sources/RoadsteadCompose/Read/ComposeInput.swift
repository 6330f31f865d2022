/// One Compose file as text.
public struct ComposeSource: Hashable, Sendable {
    /// How messages call it.
    public var path: String
    public var text: String

    public init(path: String, text: String) {
        self.path = path
        self.text = text
    }
}

/// All that a stack is made of: Compose files, variables, and the files that they name.
public struct ComposeInput: Sendable {
    /// In order: later ones override and add to earlier ones.
    public var sources: [ComposeSource]
    /// For interpolation, `env_file` lines without a value, and `~` in host paths (`HOME`). Env files that were named on
    /// the command line are in it already.
    public var environment: [String: String]
    /// Where the contents of configs, secrets and `env_file`s come from.
    public var reader: any ComposeFileReader
    /// Relative paths in all the files count from here: for docker, the directory of the first file.
    public var workingDirectory: String
    /// Services with `profiles` are part of the stack when one of these is among them; `*` stands for all. When empty, those
    /// of the variable `COMPOSE_PROFILES`, separated by commas, are meant.
    public var profiles: [String]
    /// Whether services that say how their image is built have it built; otherwise it is taken as it is.
    public var builds: Bool
    /// Whether the files lie in a folder from which paths on the nodes count. Without one, as for an application that is
    /// kept at a server, relative paths of bind mounts are refused.
    public var hasFolder = true

    public init(
        sources: [ComposeSource], environment: [String: String] = [:], reader: any ComposeFileReader,
        workingDirectory: String, profiles: [String] = [], builds: Bool = false
    ) {
        self.sources = sources
        self.environment = environment
        self.reader = reader
        self.workingDirectory = workingDirectory
        self.profiles = profiles
        self.builds = builds
    }
}
