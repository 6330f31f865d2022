import DockerAPI
import DockerClient
import RoadsteadCompose

/// How a stack is deployed.
public struct StackOptions: Sendable {
    public var prune: PruneScope
    public var resolveImage: ResolveImage
    /// By registry (`ghcr.io`, `10.0.0.1:5000`; Docker Hub is `docker.io`): for asking digests, and for the nodes' pulls.
    public var registryAuths: [String: RegistryAuth]
    /// For the verdict.
    public var timeout: Duration

    public init(
        prune: PruneScope = .none, resolveImage: ResolveImage = .always, registryAuths: [String: RegistryAuth] = [:],
        timeout: Duration = .seconds(600)
    ) {
        self.prune = prune
        self.resolveImage = resolveImage
        self.registryAuths = registryAuths
        self.timeout = timeout
    }

    /// The credential for an image, if there is one for its registry.
    func auth(forImage image: String?) -> RegistryAuth? {
        guard let registry = image.flatMap(ImageReference.init)?.registry else { return nil }
        if let auth = registryAuths[registry] { return auth }
        guard registry == "docker.io" else { return nil }
        return registryAuths["https://index.docker.io/v1/"] ?? registryAuths["index.docker.io"]
    }
}

/// A stack that is planned: what `apply` takes. Valid as long as nobody else changes the stack.
public struct PreparedStack: Sendable {
    /// Fitted to the engine's API version.
    public var desired: DesiredStack
    public var plan: StackPlan
    public var options: StackOptions

    public init(desired: DesiredStack, plan: StackPlan, options: StackOptions) {
        self.desired = desired
        self.plan = plan
        self.options = options
    }
}
