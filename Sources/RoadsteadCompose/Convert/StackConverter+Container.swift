import DockerAPI
import Foundation

extension StackConverter {
    func container(_ service: ComposeService) -> ContainerSpec {
        var spec = ContainerSpec(image: image(service))
        spec.labels = labelled(service.labels)
        spec.command = service.entrypoint?.nonEmpty
        spec.args = service.command?.nonEmpty
        let environment = service.fileEnvironment.merging(service.environment) { $1 }
        spec.env = environment.map { name, value in value.map { name + "=" + $0 } ?? name }.sorted().nonEmpty
        spec.hostname = service.hostname
        spec.dir = service.workingDirectory
        spec.user = service.user
        spec.groups = service.groups.nonEmpty
        spec.hosts = service.extraHosts.map { $0.address + " " + $0.name }.nonEmpty
        spec.dnsConfig = dns(service)
        spec.isolation = service.isolation
        spec.sysctls = service.sysctls.nonEmpty
        spec.ulimits =
            service.ulimits.sorted { $0.key < $1.key }.map {
                Ulimit(name: $0.key, soft: $0.value.soft, hard: $0.value.hard)
            }.nonEmpty
        setSwitches(of: &spec, service)
        (spec.capabilityAdd, spec.capabilityDrop) = Capabilities.effective(
            add: service.capabilitiesToAdd, drop: service.capabilitiesToDrop)
        spec.healthcheck = healthcheck(service)
        spec.mounts = service.mounts.compactMap { mount($0) }.nonEmpty
        spec.configs = configReferences(service)
        spec.secrets = secretReferences(service)
        spec.privileges = privileges(service)
        return spec
    }

    private func setSwitches(of spec: inout ContainerSpec, _ service: ComposeService) {
        spec.`init` = service.`init`
        spec.tty = service.hasTTY.nonFalse
        spec.openStdin = service.opensStdin.nonFalse
        spec.readOnly = service.isReadOnly.nonFalse
        spec.oomScoreAdj = service.oomScoreAdjustment.nonZero
        spec.stopSignal = service.stopSignal
        spec.stopGracePeriod = service.stopGracePeriod
    }

    /// As docker's client would send it: short, and with a tag.
    private func image(_ service: ComposeService) -> String? {
        guard let text = service.image else {
            log.add(
                "invalid image reference for service \(service.name): no image specified", at: service.origin,
                hint: service.build == nil
                    ? "name an image" : "a Swarm does not build; name the image that --build makes and pushes")
            return nil
        }
        if let reference = ImageReference(text) { return reference.tagged.description }
        log.add(
            "invalid image reference for service \(service.name): '\(text)' has an invalid reference format",
            at: service.origin(of: "image"), hint: "write [registry/]name[:tag][@digest], the name in lower case")
        return nil
    }

    private func dns(_ service: ComposeService) -> DNSConfig? {
        let config = DNSConfig(
            nameservers: service.dns.nonEmpty, search: service.dnsSearch.nonEmpty, options: service.dnsOptions.nonEmpty)
        return config == DNSConfig() ? nil : config
    }

    private func healthcheck(_ service: ComposeService) -> HealthConfig? {
        guard let check = service.healthcheck else { return nil }
        if check.isDisabled == true { return HealthConfig(test: ["NONE"]) }
        if let word = check.test?.first, !["CMD", "CMD-SHELL", "NONE"].contains(word) {
            log.warn(
                "\(service.origin(of: "healthcheck").path.key("test")) begins with '\(word)', and the engine runs no such "
                    + "check: write CMD in front, or CMD-SHELL and one text")
        }
        return HealthConfig(
            test: check.test?.nonEmpty, interval: check.interval.nonZero, timeout: check.timeout.nonZero,
            startPeriod: check.startPeriod.nonZero, startInterval: check.startInterval.nonZero,
            retries: check.retries.flatMap { $0 == 0 ? nil : Int(exactly: $0) })
    }

    private func privileges(_ service: ComposeService) -> Privileges {
        let security = service.security
        let labels = Privileges.SELinuxContext(
            disable: security.labels.isDisabled, user: security.labels.user, role: security.labels.role,
            type: security.labels.type, level: security.labels.level)
        let seccomp: Privileges.Seccomp? =
            switch security.seccomp {
            case .unconfined: Privileges.Seccomp(mode: "unconfined")
            case .profile(let bytes): Privileges.Seccomp(mode: "custom", profile: Data(bytes))
            case .builtin, nil: nil
            }
        return Privileges(
            credentialSpec: credentialSpec(service),
            seLinuxContext: labels == Privileges.SELinuxContext() ? nil : labels, seccomp: seccomp,
            appArmor: security.isAppArmorDisabled == true ? Privileges.AppArmor(mode: "disabled") : nil,
            noNewPrivileges: security.forbidsNewPrivileges.nonFalse)
    }

    private func credentialSpec(_ service: ComposeService) -> Privileges.CredentialSpec? {
        guard let spec = service.credentialSpec else { return nil }
        let given = [("Config", spec.config), ("File", spec.file), ("Registry", spec.registry)].filter { $0.1 != nil }
        guard !given.isEmpty else { return nil }
        guard given.count == 1 else {
            let names = given.map { "\"\($0.0)\"" }.joined(separator: " and ")
            log.add(
                "invalid credential spec: cannot specify both \(names)", at: service.origin(of: "credential_spec"))
            return nil
        }
        return Privileges.CredentialSpec(
            config: spec.config.map { file.configs[$0]?.name ?? scoped($0) }, file: spec.file, registry: spec.registry)
    }
}
