import DockerAPI

/// What a stack should be on the Swarm: the outcome of reading Compose files, the input of the plan.
///
/// All names are those on the Swarm (`stack_service`), all objects carry the stack's namespace label. References to
/// configs and secrets have names but no ids, networks are attached by name, and a credential spec that is a config holds
/// that config's name where the engine wants its id: ids are known only when it is applied.
///
/// Images are written as docker's client sends them (`nginx:latest`), defaults that docker leaves to the engine are left
/// out.
public struct DesiredStack: Hashable, Sendable {
    public var name: String
    /// Sorted by name.
    public var services: [DesiredService]
    public var networks: [NetworkCreate]
    public var configs: [FileSpec]
    public var secrets: [FileSpec]
    /// Objects that the stack uses but does not own; they must exist before anything is touched.
    public var external: ExternalObjects
    /// Objects declared as external that no service uses: they need not exist, and no prune takes them.
    public var spared = ExternalObjects()
    /// What Swarm will not honour although the file says it, for people to read.
    public var warnings: [String]
    /// Made from a revision: images are not resolved again, and configs and secrets go by exactly these names.
    public var isExact = false

    public init(
        name: String, services: [DesiredService] = [], networks: [NetworkCreate] = [], configs: [FileSpec] = [],
        secrets: [FileSpec] = [], external: ExternalObjects = ExternalObjects(), warnings: [String] = []
    ) {
        self.name = name
        self.services = services
        self.networks = networks
        self.configs = configs
        self.secrets = secrets
        self.external = external
        self.warnings = warnings
    }

    /// The label by which docker and we know the stack an object belongs to.
    public static let namespaceLabel = "com.docker.stack.namespace"
    /// The label with the image as the file wrote it; the spec itself may hold a digest.
    public static let imageLabel = "com.docker.stack.image"
}

/// One service of a stack.
public struct DesiredService: Hashable, Sendable {
    /// The name in the file, for people (`web`, where the spec says `shop_web`).
    public var key: String
    public var spec: ServiceSpec
    /// What must be true before this service is created or updated, sorted by key.
    public var dependencies: [ServiceDependency]
    /// How the image is made; nil when it is taken as it is.
    public var build: ImageBuild?

    public init(key: String, spec: ServiceSpec, dependencies: [ServiceDependency] = [], build: ImageBuild? = nil) {
        self.key = key
        self.spec = spec
        self.dependencies = dependencies
        self.build = build
    }
}

/// Names of objects declared `external: true`.
public struct ExternalObjects: Hashable, Sendable {
    public var networks: [String]
    public var configs: [String]
    public var secrets: [String]

    public init(networks: [String] = [], configs: [String] = [], secrets: [String] = []) {
        self.networks = networks
        self.configs = configs
        self.secrets = secrets
    }

    func subtracting(_ other: ExternalObjects) -> ExternalObjects {
        ExternalObjects(
            networks: networks.filter { !other.networks.contains($0) },
            configs: configs.filter { !other.configs.contains($0) },
            secrets: secrets.filter { !other.secrets.contains($0) })
    }

    func adding(_ other: ExternalObjects) -> ExternalObjects {
        ExternalObjects(
            networks: networks + other.networks, configs: configs + other.configs, secrets: secrets + other.secrets)
    }
}
