/// How the image of a service is made: its `build` key, paths made absolute.
struct ComposeBuild: Hashable, Sendable {
    var origin: Origin
    var context: String?
    var dockerfile: String?
    var inlineDockerfile: String?
    /// nil values come from the caller's environment.
    var arguments: [String: String?] = [:]
    var labels: [String: String] = [:]
    var cacheFrom: [String] = []
    var extraHosts: [String] = []
    var network: String?
    var target: String?
    var tags: [String] = []
    var platforms: [String] = []
    var pullsBase: Bool?
    var avoidsCache: Bool?
    /// Bytes.
    var shmSize: Int64?

    mutating func merge(_ over: ComposeBuild) {
        origin = over.origin
        context.override(with: over.context)
        dockerfile.override(with: over.dockerfile)
        inlineDockerfile.override(with: over.inlineDockerfile)
        arguments.merge(over.arguments) { $1 }
        labels.merge(over.labels) { $1 }
        cacheFrom += over.cacheFrom
        extraHosts += over.extraHosts
        network.override(with: over.network)
        target.override(with: over.target)
        tags += over.tags
        platforms += over.platforms
        pullsBase.override(with: over.pullsBase)
        avoidsCache.override(with: over.avoidsCache)
        shmSize.override(with: over.shmSize)
    }
}
