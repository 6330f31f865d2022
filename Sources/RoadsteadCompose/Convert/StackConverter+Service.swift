import DockerAPI

extension StackConverter {
    func service(_ service: ComposeService) -> ServiceSpec {
        var labels = labelled(service.deploy.labels)
        labels[DesiredStack.imageLabel] = service.image ?? ""
        return ServiceSpec(
            name: scoped(service.name), labels: labels, taskTemplate: task(service), mode: mode(service),
            updateConfig: service.deploy.updateConfig.map(update),
            rollbackConfig: service.deploy.rollbackConfig.map(update),
            endpointSpec: endpoint(service))
    }

    private func task(_ service: ComposeService) -> TaskSpec {
        let placement = service.deploy.placement
        return TaskSpec(
            containerSpec: container(service), resources: resources(service),
            restartPolicy: restartPolicy(service),
            placement: Placement(
                constraints: (placement.constraints + (service.platformConstraints ?? [])).nonEmpty,
                preferences: placement.preferences.map {
                    PlacementPreference(spread: SpreadOver(spreadDescriptor: $0))
                }.nonEmpty,
                maxReplicas: placement.maxReplicasPerNode.flatMap { $0 == 0 ? nil : $0 }),
            networks: attachments(service),
            logDriver: service.logging.map { LogDriver(name: $0.driver, options: $0.options) })
    }

    // MARK: - Mode

    private func mode(_ service: ComposeService) -> ServiceMode {
        let replicas = service.deploy.replicas
        switch service.deploy.mode ?? .replicated {
        case .replicated: return .replicated(replicas ?? 1)
        case .replicatedJob: return .replicatedJob(maxConcurrent: replicas, totalCompletions: replicas)
        case .global, .globalJob:
            if replicas != nil {
                log.add(
                    "replicas can only be used with replicated or replicated-job mode",
                    at: service.origin(of: "deploy", "replicas"))
            }
            return service.deploy.mode == .global ? .global : .globalJob
        }
    }

    private func update(_ config: ComposeUpdateConfig) -> UpdateConfig {
        UpdateConfig(
            parallelism: config.parallelism ?? 1, delay: config.delay.nonZero, failureAction: config.failureAction,
            monitor: config.monitor.nonZero, maxFailureRatio: Float(config.maxFailureRatio ?? 0), order: config.order)
    }

    // MARK: - Resources and restarts

    private func resources(_ service: ComposeService) -> ResourceRequirements {
        let deploy = service.deploy
        var requirements = ResourceRequirements(
            limits: deploy.limits.map {
                ResourceAmounts(nanoCPUs: $0.nanoCPUs.nonZero, memoryBytes: $0.memory.nonZero, pids: $0.pids.nonZero)
            },
            reservations: deploy.reservations.map {
                ResourceAmounts(
                    nanoCPUs: $0.nanoCPUs.nonZero, memoryBytes: $0.memory.nonZero,
                    genericResources: $0.generic.map { .discrete(kind: $0.kind, value: $0.value) }.nonEmpty)
            }, swapBytes: swap(service), memorySwappiness: service.memorySwappiness)
        // The engine passes over the swappiness of tasks without any limits.
        if requirements.memorySwappiness != nil { requirements.limits = requirements.limits ?? ResourceAmounts() }
        return requirements
    }

    /// A Swarm counts the swap alone, `memswap_limit` the memory with it.
    private func swap(_ service: ComposeService) -> Int64? {
        guard let limit = service.memorySwapLimit else { return nil }
        let origin = service.origin(of: "memswap_limit")
        guard let memory = service.deploy.limits?.memory.nonZero else {
            log.add(
                "needs a limit of the memory beside it", at: origin, hint: "set deploy.resources.limits.memory too")
            return nil
        }
        guard limit == -1 || limit >= memory else {
            log.add(
                "is \(limit) bytes, and the memory alone may have \(memory)", at: origin,
                hint: "it is memory and swap together")
            return nil
        }
        return limit == -1 ? -1 : limit - memory
    }

    /// `deploy.restart_policy`, or else what `restart` says.
    private func restartPolicy(_ service: ComposeService) -> RestartPolicy? {
        if let policy = service.deploy.restartPolicy {
            return RestartPolicy(
                condition: policy.condition, delay: policy.delay, maxAttempts: policy.maxAttempts, window: policy.window
            )
        }
        switch service.restart {
        case .always(let count): return RestartPolicy(condition: "any", maxAttempts: count)
        case .onFailure(let count): return RestartPolicy(condition: "on-failure", maxAttempts: count ?? 0)
        case .never:
            if !service.isJob {
                log.warn(
                    "\(service.origin(of: "restart").path) is ignored: a Swarm starts a task again whenever it ends; "
                        + "set deploy.restart_policy.condition: none, or deploy.mode: replicated-job")
            }
            return nil
        case nil: return nil
        }
    }

    // MARK: - Endpoint

    private func endpoint(_ service: ComposeService) -> EndpointSpec {
        let ports = service.ports.map { port in
            PortConfig(
                name: port.name, protocol: port.protocol ?? "tcp", targetPort: port.target,
                publishedPort: port.published.flatMap { $0 == 0 ? nil : $0 }, publishMode: port.mode ?? "ingress")
        }
        func key(_ port: PortConfig) -> (UInt32, UInt32, String) {
            (port.publishedPort ?? 0, port.targetPort ?? 0, port.protocol ?? "")
        }
        return EndpointSpec(
            mode: service.deploy.endpointMode, ports: ports.sorted { key($0) < key($1) }.nonEmpty)
    }

    // MARK: - Networks

    private func attachments(_ service: ComposeService) -> [NetworkAttachmentConfig] {
        Self.networkKeys(of: service).compactMap { key in
            let attachment = service.networks[key]
            guard file.networks[key] != nil || key == Self.defaultNetwork else {
                let origin = attachment?.origin ?? service.origin
                log.add(
                    "undefined network \"\(key)\"", at: origin,
                    hint: "define it in the top-level networks")
                return nil
            }
            let target = networkName(key)
            var aliases = attachment?.aliases ?? []
            if Self.takesAliases(target) { aliases.append(service.name) }
            return NetworkAttachmentConfig(
                target: target, aliases: aliases.nonEmpty, driverOpts: attachment?.driverOptions)
        }.sorted { ($0.target ?? "") < ($1.target ?? "") }
    }

    /// Networks that docker itself makes know no aliases.
    private static func takesAliases(_ network: String) -> Bool {
        !["default", "bridge", "host", "none"].contains(network) && !network.hasPrefix("container:")
    }
}

extension Array {
    /// nil when there is nothing in it: the engine leaves empty lists out, and so do we.
    var nonEmpty: [Element]? { isEmpty ? nil : self }
}

extension Dictionary {
    var nonEmpty: [Key: Value]? { isEmpty ? nil : self }
}

extension Optional where Wrapped == Int64 {
    /// nil for zero, where zero says nothing.
    var nonZero: Int64? { self == 0 ? nil : self }
}

extension Optional where Wrapped == Bool {
    /// nil for false, where false says nothing.
    var nonFalse: Bool? { self == false ? nil : self }
}
