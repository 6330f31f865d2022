extension ComposeService {
    /// This service with a later file's version of it over it.
    func merged(with over: ComposeService) -> ComposeService {
        var merged = self
        merged.keyPositions.merge(over.keyPositions) { $1 }
        merged.image.override(with: over.image)
        if over.command?.isEmpty == false { merged.command = over.command }
        if over.entrypoint?.isEmpty == false { merged.entrypoint = over.entrypoint }
        merged.environment.merge(over.environment) { $1 == nil ? $0 : $1 }
        merged.labels.merge(over.labels) { $1 }
        merged.mergeContainer(over)
        merged.mergeAttachments(over)
        merged.deploy.merge(over.deploy)
        return merged
    }

    private mutating func mergeContainer(_ over: ComposeService) {
        hostname.override(with: over.hostname)
        user.override(with: over.user)
        workingDirectory.override(with: over.workingDirectory)
        extraHosts += over.extraHosts
        dns += over.dns
        dnsSearch += over.dnsSearch
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

    private mutating func mergeAttachments(_ over: ComposeService) {
        ports = ComposeMerge.replacing(ports, with: over.ports) { port in
            // Ports that the Swarm chooses are told apart by what they lead to.
            let published = Int(port.published ?? 0)
            let target = Int(port.target ?? 0) << 1 | (port.protocol == "udp" ? 1 : 0)
            return published > 0 ? published << 20 : target
        }
        mounts = ComposeMerge.replacing(mounts, with: over.mounts) { $0.target ?? "" }
        configs = ComposeMerge.replacing(configs, with: over.configs, by: \.source)
        secrets = ComposeMerge.replacing(secrets, with: over.secrets, by: \.source)
        networks.merge(over.networks) { base, over in
            var merged = over
            merged.driverOptions = over.driverOptions ?? base.driverOptions
            if over.aliases.isEmpty { merged.aliases = base.aliases }
            return merged
        }
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
