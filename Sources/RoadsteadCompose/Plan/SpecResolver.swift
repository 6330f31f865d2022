import DockerAPI

/// Puts the ids of live objects where a desired spec only has names.
///
/// Configs and secrets that a plan will create have no id yet: their references stay without one until `apply`
/// resolves the spec again.
public struct SpecResolver: Sendable {
    public var configIDs: [String: String]
    public var secretIDs: [String: String]

    public init(configIDs: [String: String], secretIDs: [String: String]) {
        self.configIDs = configIDs
        self.secretIDs = secretIDs
    }

    public init(live: LiveStack) {
        configIDs = Dictionary(live.configs.map { ($0.spec.name, $0.id) }, uniquingKeysWith: { first, _ in first })
        secretIDs = Dictionary(live.secrets.map { ($0.spec.name, $0.id) }, uniquingKeysWith: { first, _ in first })
    }

    public func resolve(_ spec: ServiceSpec) -> ServiceSpec {
        guard let container = spec.taskTemplate.containerSpec else { return spec }
        var spec = spec
        spec.taskTemplate.containerSpec = resolve(container)
        return spec
    }

    private func resolve(_ container: ContainerSpec) -> ContainerSpec {
        var container = container
        container.configs = container.configs?.map { reference in
            var reference = reference
            reference.configID = reference.configID.orNil ?? reference.configName.flatMap { configIDs[$0] }
            return reference
        }
        container.secrets = container.secrets?.map { reference in
            var reference = reference
            reference.secretID = reference.secretID.orNil ?? reference.secretName.flatMap { secretIDs[$0] }
            return reference
        }
        // A credential spec names its config where the engine wants the id.
        if let name = container.privileges?.credentialSpec?.config, let id = configIDs[name] {
            container.privileges?.credentialSpec?.config = id
        }
        return container
    }
}
