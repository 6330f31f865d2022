import DockerAPI

/// What the Swarm has at the moment, as far as a plan must know it.
///
/// `services` are those with the stack's label. `networks` are all that the engine lists, since external networks and
/// name clashes are looked up there and services name their networks by id. `configs` and `secrets` are those with the
/// stack's label (earlier contents are among them) and those whose names the stack uses.
public struct LiveStack: Hashable, Sendable {
    public var services: [Service]
    public var networks: [Network]
    public var configs: [SwarmConfig]
    public var secrets: [SwarmSecret]
    /// By the desired secret's name: which of these has its content. Names that are not in it were not asked about.
    public var secretContents: [String: SecretContent] = [:]
    /// Of the stack, on the node that the engine is: no Swarm knows the volumes of its nodes.
    public var volumes: [Volume] = []
    /// What all nodes have of the volumes that may be made anew.
    public var survey = VolumeSurvey()

    public init(
        services: [Service] = [], networks: [Network] = [], configs: [SwarmConfig] = [], secrets: [SwarmSecret] = []
    ) {
        self.services = services
        self.networks = networks
        self.configs = configs
        self.secrets = secrets
    }
}

extension LiveStack {
    /// The network of this name or id; where two scopes have the name, the Swarm's counts.
    func network(named name: String) -> Network? {
        let candidates = networks.filter { $0.name == name || $0.id == name }
        return candidates.first { $0.scope == "swarm" } ?? candidates.first
    }

    /// The name behind a network's id as a spec holds it, or the text itself.
    func networkName(_ target: String) -> String {
        if let network = networks.first(where: { $0.id == target }) { return network.name }
        return Self.isSwarmID(target) ? "host" : target
    }

    /// The predefined networks have ids in the Swarm that no listing shows.
    private static func isSwarmID(_ text: String) -> Bool {
        text.utf8.count == 25 && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
    }

    func config(named name: String) -> SwarmConfig? { configs.first { $0.spec.name == name } }

    func secret(named name: String) -> SwarmSecret? { secrets.first { $0.spec.name == name } }

    func service(named name: String) -> Service? { services.first { $0.spec.name == name } }
}

/// What a deployment removes when the file does not name it any more.
public enum PruneScope: String, Hashable, Sendable, CaseIterable {
    case none
    /// Services only: what `docker stack deploy --prune` does.
    case services
    /// Services, and the stack's networks, configs and secrets that nothing of the stack uses any more.
    case everything
}
