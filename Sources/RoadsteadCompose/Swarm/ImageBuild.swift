/// How the image of a service is made from source, when that was asked for; all paths are absolute.
public struct ImageBuild: Hashable, Sendable {
    /// A directory, or the address of a repository that the engine fetches itself.
    public var context: String
    /// Within the context.
    public var dockerfile: String?
    /// The Dockerfile itself, instead of one in the context.
    public var inlineDockerfile: String?
    public var arguments: [String: String]
    public var labels: [String: String]
    public var cacheFrom: [String]
    /// `name:address`.
    public var extraHosts: [String]
    public var network: String?
    public var target: String?
    /// Names besides that of the service's image.
    public var tags: [String]
    /// `os/architecture`; the engine builds for one.
    public var platform: String?
    public var pullsBase: Bool
    public var avoidsCache: Bool
    /// Bytes.
    public var shmSize: Int64?

    public init(context: String) {
        self.context = context
        (arguments, labels, cacheFrom, extraHosts, tags) = ([:], [:], [], [], [])
        (pullsBase, avoidsCache) = (false, false)
    }

    public var isRemote: Bool { context.contains("://") || context.hasPrefix("git@") }
}

extension ImageBuild {
    /// Arguments without a value take the caller's, and are left out where it has none.
    init?(_ build: ComposeBuild, environment: [String: String]) {
        guard let context = build.context else { return nil }
        self.init(context: context)
        dockerfile = build.dockerfile
        inlineDockerfile = build.inlineDockerfile
        for (name, value) in build.arguments { arguments[name] = value ?? environment[name] }
        labels = build.labels
        cacheFrom = build.cacheFrom
        extraHosts = build.extraHosts
        network = build.network
        target = build.target
        tags = build.tags
        platform = build.platforms.first
        pullsBase = build.pullsBase ?? false
        avoidsCache = build.avoidsCache ?? false
        shmSize = build.shmSize
    }
}
