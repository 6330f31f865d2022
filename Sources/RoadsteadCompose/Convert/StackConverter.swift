import DockerAPI
import Foundation
import RoadsteadBasics

/// Turns merged Compose files into the objects of a stack, exactly as `docker stack deploy` builds them; what is missing
/// or contradicts itself is reported.
struct StackConverter {
    let file: ComposeFile
    let input: ComposeInput
    let stackName: String
    let log: ProblemLog
    let budget: ComposeBudget

    func convert() -> DesiredStack {
        var stack = DesiredStack(name: stackName)
        let services = file.services.values.sorted { $0.name < $1.name }
        stack.services = services.map { source in
            DesiredService(
                key: source.name, spec: service(source), dependencies: dependencies(source), build: build(source))
        }
        stack.networks = networks(usedBy: services)
        stack.configs = file.configs.sorted { $0.key < $1.key }.compactMap { fileSpec($0.value, key: $0.key) }
        stack.secrets = file.secrets.sorted { $0.key < $1.key }.compactMap { fileSpec($0.value, key: $0.key) }
        stack.external = external(usedBy: services)
        stack.spared = externalObjects.subtracting(stack.external)
        return stack
    }

    // MARK: - Dependencies and builds

    /// Those that are in the stack; that required ones are was checked.
    private func dependencies(_ service: ComposeService) -> [ServiceDependency] {
        service.dependencies.filter { file.services[$0.key] != nil }.sorted { $0.key < $1.key }.map { key, dependency in
            ServiceDependency(
                key: key, condition: dependency.condition, restart: dependency.restart ?? false,
                required: dependency.isRequired ?? true)
        }
    }

    /// Only when it was asked for.
    private func build(_ service: ComposeService) -> ImageBuild? {
        guard input.builds, let build = service.build else { return nil }
        return ImageBuild(build, environment: input.environment)
    }

    // MARK: - Names and labels

    /// The name on the Swarm of something that belongs to the stack.
    func scoped(_ name: String) -> String { stackName + "_" + name }

    func labelled(_ labels: [String: String]) -> [String: String] {
        labels.merging([DesiredStack.namespaceLabel: stackName]) { $1 }
    }

    // MARK: - Networks

    /// The key of the network that a service without any joins.
    static let defaultNetwork = "default"

    static func networkKeys(of service: ComposeService) -> [String] {
        service.networks.isEmpty ? [defaultNetwork] : service.networks.keys.sorted()
    }

    /// Only networks that some service uses are made.
    private func networks(usedBy services: [ComposeService]) -> [NetworkCreate] {
        Set(services.flatMap(Self.networkKeys)).compactMap { key in
            let network = file.networks[key]
            guard network?.isExternal != true, network != nil || key == Self.defaultNetwork else { return nil }
            return self.network(network, name: networkName(key))
        }.sorted { $0.name < $1.name }
    }

    func networkName(_ key: String) -> String { file.networks[key]?.name ?? scoped(key) }

    private func network(_ network: ComposeNetwork?, name: String) -> NetworkCreate {
        var create = NetworkCreate(name: name, driver: network?.driver ?? "overlay")
        create.options = network?.driverOptions
        create.internal = network?.isInternal == true ? true : nil
        create.attachable = network?.isAttachable == true ? true : nil
        create.labels = labelled(network?.labels ?? [:])
        create.checkDuplicate = true
        create.enableIPv6 = network?.hasIPv6 == true ? true : nil
        if let network, network.ipamDriver != nil || !network.pools.isEmpty || network.ipamOptions != nil {
            create.ipam = IPAM(
                driver: network.ipamDriver,
                config: network.pools.map {
                    IPAM.Pool(subnet: $0.subnet, ipRange: $0.ipRange, gateway: $0.gateway)
                }, options: network.ipamOptions)
        }
        return create
    }

    // MARK: - Configs and secrets

    private func fileSpec(_ object: ComposeFileObject, key: String) -> FileSpec? {
        guard !object.isExternal else { return nil }
        var spec = FileSpec(name: object.name ?? scoped(key), labels: labelled(object.labels))
        spec.templating = object.templateDriver.map { LogDriver(name: $0) }
        if let driver = object.driver {
            spec.driver = LogDriver(name: driver, options: object.driverOptions)
            return spec
        }
        if let text = object.content ?? object.variable?.value?.exposed {
            spec.data = Data(text.utf8)
            return spec
        }
        guard let path = object.file else { return nil }
        do {
            let bytes = try input.reader.read(path)
            try budget.spend(bytes.count)
            spec.data = Data(bytes)
        } catch {
            log.add("\(error)", at: object.origin)
            return nil
        }
        return spec
    }

    // MARK: - External objects

    private func external(usedBy services: [ComposeService]) -> ExternalObjects {
        let networks = services.flatMap(Self.networkKeys).compactMap { file.networks[$0] }
        let configs = services.flatMap { $0.configs.map(\.source) + [$0.credentialSpec?.config].compactMap(\.self) }
            .compactMap { file.configs[$0] }
        let secrets = services.flatMap { $0.secrets.map(\.source) }.compactMap { file.secrets[$0] }
        func names(_ objects: [ComposeFileObject]) -> [String] {
            Set(objects.filter(\.isExternal).compactMap(\.name)).sorted()
        }
        return ExternalObjects(
            networks: Set(networks.filter(\.isExternal).compactMap(\.name)).sorted(), configs: names(configs),
            secrets: names(secrets))
    }

    /// All that the file declares as external.
    private var externalObjects: ExternalObjects {
        func names(_ objects: [String: ComposeFileObject]) -> [String] {
            objects.values.filter(\.isExternal).compactMap(\.name).sorted()
        }
        return ExternalObjects(
            networks: file.networks.values.filter(\.isExternal).compactMap(\.name).sorted(),
            configs: names(file.configs), secrets: names(file.secrets))
    }
}
