extension ComposeService {
    /// This service with a later file's version of it over it.
    func merged(with over: ComposeService) -> ComposeService {
        var base = self
        var over = over
        base.settleEnvironment()
        over.settleEnvironment()
        return base.combined(with: over, isExtending: false)
    }

    /// This service as it extends another. Unlike with several files, no `env_file` of either wins over an `environment`.
    ///
    /// Source: the Compose specification, services, `extends`.
    func extending(_ base: ComposeService) -> ComposeService {
        var merged = base.combined(with: self, isExtending: true)
        merged.name = name
        merged.origin = origin
        return merged
    }

    /// docker reads env files before it merges.
    private mutating func settleEnvironment() {
        environment = fileEnvironment.merging(environment) { $1 }
        fileEnvironment = [:]
    }

    private func combined(with over: ComposeService, isExtending: Bool) -> ComposeService {
        var merged = self
        merged.keyPositions.positions.merge(over.keyPositions.positions) { $1 }
        merged.image.override(with: over.image)
        if over.command?.isEmpty == false { merged.command = over.command }
        if over.entrypoint?.isEmpty == false { merged.entrypoint = over.entrypoint }
        merged.environment.merge(over.environment) { $1 == nil ? $0 : $1 }
        merged.fileEnvironment.merge(over.fileEnvironment) { $1 }
        merged.labels.merge(over.labels) { $1 }
        merged.mergeContainer(over)
        merged.mergeAttachments(over, isExtending: isExtending)
        merged.deploy.merge(over.deploy)
        merged.profiles += over.profiles.filter { !profiles.contains($0) }
        merged.dependencies.merge(over.dependencies) { $0.merged(with: $1) }
        merged.build.merge(over.build) { $0.merge($1) }
        return merged
    }

    private mutating func mergeContainer(_ over: ComposeService) {
        hostname.override(with: over.hostname)
        user.override(with: over.user)
        workingDirectory.override(with: over.workingDirectory)
        extraHosts += over.extraHosts
        dns += over.dns
        dnsSearch += over.dnsSearch
        dnsOptions += over.dnsOptions
        groups += over.groups
        capabilitiesToAdd += over.capabilitiesToAdd
        capabilitiesToDrop += over.capabilitiesToDrop
        sysctls.merge(over.sysctls) { $1 }
        ulimits.merge(over.ulimits) { $1 }
        `init`.override(with: over.`init`)
        isolation.override(with: over.isolation)
        isReadOnly.override(with: over.isReadOnly)
        opensStdin.override(with: over.opensStdin)
        hasTTY.override(with: over.hasTTY)
        oomScoreAdjustment.override(with: over.oomScoreAdjustment)
        memorySwapLimit.override(with: over.memorySwapLimit)
        memorySwappiness.override(with: over.memorySwappiness)
        platformConstraints.override(with: over.platformConstraints)
        security.merge(over.security)
        stopSignal.override(with: over.stopSignal)
        stopGracePeriod.override(with: over.stopGracePeriod)
        restart.override(with: over.restart)
        healthcheck.merge(over.healthcheck) { $0.merge($1) }
        logging.merge(over.logging) { $0.merge($1) }
        credentialSpec.merge(over.credentialSpec) { base, over in
            base.config.override(with: over.config)
            base.file.override(with: over.file)
            base.registry.override(with: over.registry)
        }
    }

    private mutating func mergeAttachments(_ over: ComposeService, isExtending: Bool) {
        ports = ComposeMerge.replacing(ports, with: over.ports) { port in
            // Ports that the Swarm chooses are told apart by what they lead to.
            let published = Int(port.published ?? 0)
            let kind = ["udp": 1, "sctp": 2][port.protocol ?? "tcp"] ?? 0
            return (published > 0 ? published << 20 : Int(port.target ?? 0) << 2) | kind
        }
        mounts = ComposeMerge.replacing(mounts, with: over.mounts) { $0.target ?? "" }
        configs = configs.replaced(by: over.configs, in: "", isExtending: isExtending)
        secrets = secrets.replaced(by: over.secrets, in: "/run/secrets", isExtending: isExtending)
        networks.merge(over.networks) { base, over in
            var merged = over
            merged.driverOptions = over.driverOptions ?? base.driverOptions
            if over.aliases.isEmpty { merged.aliases = base.aliases }
            return merged
        }
    }
}

extension [ComposeFileReference] {
    /// A later reference takes the place of one to the same file of the container; and, where files are merged as docker
    /// does it, of one to the same source.
    fileprivate func replaced(by over: Self, in directory: String, isExtending: Bool) -> Self {
        let places = Set(over.map { $0.place(in: directory) })
        let rest = filter { !places.contains($0.place(in: directory)) }
        return isExtending ? rest + over : ComposeMerge.replacing(rest, with: over, by: \.source)
    }
}

extension ComposeFileReference {
    fileprivate func place(in directory: String) -> String {
        let target = target ?? source
        return target.hasPrefix("/") ? target : directory + "/" + target
    }
}

extension ComposeSecurity {
    fileprivate mutating func merge(_ over: ComposeSecurity) {
        forbidsNewPrivileges.override(with: over.forbidsNewPrivileges)
        seccomp.override(with: over.seccomp)
        isAppArmorDisabled.override(with: over.isAppArmorDisabled)
        labels.isDisabled.override(with: over.labels.isDisabled)
        labels.user.override(with: over.labels.user)
        labels.role.override(with: over.labels.role)
        labels.type.override(with: over.labels.type)
        labels.level.override(with: over.labels.level)
    }
}

extension ComposeDependency {
    fileprivate func merged(with over: ComposeDependency) -> ComposeDependency {
        var merged = over
        merged.restart = over.restart ?? restart
        merged.isRequired = over.isRequired ?? isRequired
        return merged
    }
}

extension ComposeHealthcheck {
    fileprivate mutating func merge(_ over: ComposeHealthcheck) {
        test.override(with: over.test)
        isDisabled.override(with: over.isDisabled)
        interval.override(with: over.interval)
        timeout.override(with: over.timeout)
        startPeriod.override(with: over.startPeriod)
        startInterval.override(with: over.startInterval)
        retries.override(with: over.retries)
    }
}

extension ComposeLogging {
    /// Options of the same driver are merged; another driver brings its own.
    fileprivate mutating func merge(_ over: ComposeLogging) {
        guard driver == nil || over.driver == nil || driver == over.driver else {
            self = over
            return
        }
        driver.override(with: over.driver)
        options.merge(over.options) { base, over in base.merge(over) { $1 } }
    }
}
