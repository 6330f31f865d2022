import DockerAPI
import DockerClient
import RoadsteadCompose

/// How a stack is deployed.
public struct StackOptions: Sendable {
    public var prune: PruneScope
    public var resolveImage: ResolveImage
    /// By registry (`ghcr.io`, `10.0.0.1:5000`; Docker Hub is `docker.io`): for asking digests, and for the nodes' pulls.
    public var registryAuths: [String: RegistryAuth]
    /// The marks of the logins that the nodes were given last, by registry; nil when that is not known.
    public var lastLogins: [String: String]?
    /// Registries whose account nobody has chosen for this: an image that is refused with it is asked for without it.
    public var unchosenAuths: Set<String> = []
    /// Repositories (`ghcr.io/acme/web`) for which that has happened.
    var loginless: Set<String> = []
    /// For all dependencies that are waited for. The verdict's is what `watch` is given: the rest of it.
    public var timeout: Duration
    /// Names, in the file or on the Swarm, of networks, services and volumes that may be removed and made anew, where a Swarm
    /// cannot change them; volumes with what is in them.
    public var recreate: Set<String>
    /// Whether registries are asked for images that are built: not before they are.
    public var asksForBuilt = true
    /// What was applied last, to tell what somebody else has changed since.
    public var last: StackRevision?

    public init(
        prune: PruneScope = .none, resolveImage: ResolveImage = .always, registryAuths: [String: RegistryAuth] = [:],
        timeout: Duration = .seconds(600), recreate: Set<String> = [], last: StackRevision? = nil
    ) {
        self.recreate = recreate
        self.last = last
        self.prune = prune
        self.resolveImage = resolveImage
        self.registryAuths = registryAuths
        self.timeout = timeout
    }

    /// The credential for an image, if there is one for its registry.
    func auth(forImage image: String?) -> RegistryAuth? {
        guard let reference = image.flatMap(ImageReference.init),
            !loginless.contains("\(reference.registry)/\(reference.path)")
        else { return nil }
        return auth(forRegistry: reference.registry)
    }

    /// By registry; empty when there are none.
    var loginMarks: [String: String] { registryAuths.mapValues(\.mark) }

    /// Whether the nodes were given another login for this image, or none.
    func hasNewLogin(forImage image: String?) -> Bool {
        guard let lastLogins, let registry = image.flatMap(ImageReference.init)?.registry,
            let auth = auth(forImage: image)
        else { return false }
        return lastLogins[registry] != auth.mark
    }

    private func auth(forRegistry registry: String) -> RegistryAuth? {
        if let auth = registryAuths[registry] { return auth }
        guard registry == "docker.io" else { return nil }
        return registryAuths["https://index.docker.io/v1/"] ?? registryAuths["index.docker.io"]
    }
}

/// A stack that is planned: what `apply` takes. Valid as long as nobody else changes the stack.
public struct PreparedStack: Sendable {
    /// Fitted to the engine's API version; its images and the names of its configs and secrets are final. What a
    /// `StackRevision` is made of.
    public var desired: DesiredStack
    public var plan: StackPlan
    public var options: StackOptions

    public init(desired: DesiredStack, plan: StackPlan, options: StackOptions) {
        self.desired = desired
        self.plan = plan
        self.options = options
    }
}
