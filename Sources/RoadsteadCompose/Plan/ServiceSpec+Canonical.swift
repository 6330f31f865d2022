import DockerAPI

// Two specs that mean the same have the same canonical form. The engine writes defaults into what it is given, gives
// networks back by id, and leaves nil, empty and zero to chance; lists whose order means nothing keep the order in
// which they were sent. Nothing of that may replace a task.

extension ServiceSpec {
    /// With defaults written out, empty values removed and sets sorted.
    ///
    /// - Parameter networkName: the name behind a network's id, or the text itself.
    func canonical(_ networkName: (String) -> String) -> ServiceSpec {
        var spec = self
        spec.labels = labels.orNil
        spec.mode = mode.canonical
        spec.updateConfig = updateConfig?.canonical
        spec.rollbackConfig = rollbackConfig?.canonical
        spec.endpointSpec = endpointSpec.canonical
        spec.taskTemplate = taskTemplate.canonical(networkName: networkName, serviceNetworks: networks)
        spec.networks = nil
        return spec
    }
}

extension TaskSpec {
    func canonical(
        networkName: (String) -> String, serviceNetworks: [NetworkAttachmentConfig]? = nil
    ) -> TaskSpec {
        var spec = self
        spec.containerSpec = containerSpec?.canonical
        spec.resources = resources?.canonical
        spec.restartPolicy = restartPolicy.canonical
        spec.placement = placement?.canonical
        spec.logDriver = logDriver.flatMap { $0.canonical }
        spec.forceUpdate = forceUpdate ?? 0
        spec.runtime = runtime.orDefault("container")
        let attachments = networks.orNil ?? serviceNetworks.orNil
        spec.networks = attachments?.map { $0.canonical(networkName: networkName) }
            .sorted { ($0.target ?? "") < ($1.target ?? "") }
        return spec
    }
}

extension NetworkAttachmentConfig {
    fileprivate func canonical(networkName: (String) -> String) -> NetworkAttachmentConfig {
        NetworkAttachmentConfig(
            target: target.map(networkName), aliases: aliases.orNil?.sorted(), driverOpts: driverOpts.orNil)
    }
}

extension Optional<ServiceMode> {
    fileprivate var canonical: ServiceMode {
        guard let mode = self else { return .replicated(1) }
        if let replicated = mode.replicated { return .replicated(replicated.replicas ?? 1) }
        guard let job = mode.replicatedJob else { return mode }
        let concurrent = job.maxConcurrent ?? 1
        return .replicatedJob(maxConcurrent: concurrent, totalCompletions: job.totalCompletions ?? concurrent)
    }
}

extension UpdateConfig {
    fileprivate var canonical: UpdateConfig {
        UpdateConfig(
            parallelism: parallelism, delay: delay ?? 0, failureAction: failureAction.orDefault("pause"),
            monitor: monitor.orDefault(5_000_000_000), maxFailureRatio: maxFailureRatio ?? 0,
            order: order.orDefault("stop-first"))
    }
}

extension Optional<EndpointSpec> {
    fileprivate var canonical: EndpointSpec {
        let ports = self?.ports.orNil?.map(\.canonical).sorted { $0.sortKey < $1.sortKey }
        return EndpointSpec(mode: (self?.mode).orDefault("vip"), ports: ports)
    }
}

extension PortConfig {
    fileprivate var canonical: PortConfig {
        PortConfig(
            name: name.orNil, protocol: `protocol`.orDefault("tcp"), targetPort: targetPort,
            publishedPort: publishedPort ?? 0, publishMode: publishMode.orDefault("ingress"))
    }

    fileprivate var sortKey: (UInt32, UInt32, String, String) {
        (targetPort ?? 0, publishedPort ?? 0, `protocol` ?? "", publishMode ?? "")
    }
}

extension Optional<RestartPolicy> {
    /// swarmkit's defaults: any, after five seconds, without end.
    fileprivate var canonical: RestartPolicy {
        RestartPolicy(
            condition: (self?.condition).orDefault("any"), delay: self?.delay ?? 5_000_000_000,
            maxAttempts: self?.maxAttempts ?? 0, window: self?.window ?? 0)
    }
}

extension Placement {
    fileprivate var canonical: Placement? {
        var placement = self
        placement.constraints = constraints.orNil?.sorted()
        placement.preferences = preferences.orNil
        placement.maxReplicas = maxReplicas.nonZero
        placement.platforms = platforms.orNil?.sorted {
            ($0.os ?? "", $0.architecture ?? "") < ($1.os ?? "", $1.architecture ?? "")
        }
        return placement == Placement() ? nil : placement
    }
}

extension ResourceRequirements {
    fileprivate var canonical: ResourceRequirements? {
        let result = ResourceRequirements(
            limits: limits?.canonical, reservations: reservations?.canonical, swapBytes: swapBytes,
            memorySwappiness: memorySwappiness)
        return result == ResourceRequirements() ? nil : result
    }
}

extension ResourceAmounts {
    fileprivate var canonical: ResourceAmounts? {
        let generic = genericResources.orNil?.sorted { $0.sortKey < $1.sortKey }
        let result = ResourceAmounts(
            nanoCPUs: nanoCPUs.nonZero, memoryBytes: memoryBytes.nonZero, pids: pids.nonZero,
            genericResources: generic)
        return result == ResourceAmounts() ? nil : result
    }
}

extension GenericResource {
    fileprivate var sortKey: String {
        (discrete?.kind ?? named?.kind ?? "") + "/" + (named?.value ?? String(discrete?.value ?? 0))
    }
}

extension LogDriver {
    fileprivate var canonical: LogDriver? {
        let result = LogDriver(name: name.orNil, options: options.orNil)
        return result == LogDriver() ? nil : result
    }
}

extension Optional where Wrapped: Collection {
    /// nil instead of an empty collection.
    var orNil: Wrapped? { self?.isEmpty == false ? self : nil }
}

extension Optional where Wrapped: Numeric {
    var nonZero: Wrapped? { self == .zero ? nil : self }

    fileprivate func orDefault(_ value: Wrapped) -> Wrapped { nonZero ?? value }
}

extension Optional<String> {
    func orDefault(_ value: String) -> String { orNil ?? value }
}

extension Optional<Bool> {
    var orNil: Bool? { self == true ? true : nil }
}
