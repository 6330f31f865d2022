import DockerAPI
import RoadsteadBasics

extension AdoptionWriter {
    mutating func add(_ service: Service) {
        let (spec, task) = (service.spec, service.spec.taskTemplate)
        let name = spec.name ?? service.id
        guard let key = key(of: name) else {
            return notes.append("service \(name) has not the stack's name in front: it is not in the file")
        }
        let container = task.containerSpec ?? ContainerSpec()
        var mapping = ComposeMapping()
        mapping.add("image", text: image(spec, key))
        addProcess(container, to: &mapping)
        addEnvironment(container, to: &mapping)
        mapping.add("networks", networks(task.networks.orNil ?? spec.networks ?? [], key))
        mapping.add("ports", ports(spec.endpointSpec))
        mapping.add("volumes", mounts((container.mounts ?? []).filter { !$0.isShortTmpfs }, key))
        mapping.add("tmpfs", texts: tmpfs(container.mounts ?? []))
        addFiles(container, to: &mapping)
        addHost(container, to: &mapping, key)
        addPrivileges(container.privileges, to: &mapping, key)
        addSwap(task.resources, to: &mapping)
        mapping.add("healthcheck", healthcheck(container.healthcheck))
        mapping.add("logging", logging(task.logDriver))
        mapping.add("deploy", deploy(spec, key))
        services.append((key, mapping.text))
    }

    /// The text that it was deployed with, while that is what runs.
    private mutating func image(_ spec: ServiceSpec, _ key: String) -> String? {
        let live = spec.image.flatMap(ImageReference.init)
        if let text = spec.labels?[DesiredStack.imageLabel], let named = ImageReference(text), let live,
            named.hasSameTag(as: live), named.digest == nil || named.digest == live.digest
        {
            return text
        }
        notes.append("service \(key): its image was changed on the Swarm; the file has the one that runs")
        return live.map { ImageReference($0, withDigest: $0.tag == nil).description } ?? spec.image
    }

    private func addProcess(_ container: ContainerSpec, to mapping: inout ComposeMapping) {
        mapping.add("entrypoint", texts: container.command)
        mapping.add("command", texts: container.args)
        mapping.add("user", text: container.user)
        mapping.add("working_dir", text: container.dir)
        mapping.add("hostname", text: container.hostname)
        mapping.add("init", container.`init`.map(ComposeText.flag))
        mapping.add("tty", flag: container.tty)
        mapping.add("stdin_open", flag: container.openStdin)
        mapping.add("read_only", flag: container.readOnly)
        mapping.add("stop_signal", text: container.stopSignal)
        mapping.add("stop_grace_period", nanoseconds: container.stopGracePeriod)
        mapping.add("oom_score_adj", container.oomScoreAdj.nonZero.map { .int($0) })
        if let isolation = container.isolation.orNil, isolation != "default" {
            mapping.add("isolation", text: isolation)
        }
        mapping.add("group_add", texts: container.groups)
    }

    private func addEnvironment(_ container: ContainerSpec, to mapping: inout ComposeMapping) {
        mapping.add("environment", texts: container.env)
        mapping.add("labels", texts: withoutOurs(container.labels))
    }

    private mutating func addFiles(_ container: ContainerSpec, to mapping: inout ComposeMapping) {
        var configs: [ComposeText] = []
        for reference in container.configs ?? [] where reference.file != nil {
            configs.append(target(config(named: reference.configName ?? ""), reference.file))
        }
        var secrets: [ComposeText] = []
        for reference in container.secrets ?? [] {
            secrets.append(target(secret(named: reference.secretName ?? ""), reference.file))
        }
        mapping.add("configs", configs.isEmpty ? nil : .list(configs))
        mapping.add("secrets", secrets.isEmpty ? nil : .list(secrets))
        guard let credential = container.privileges?.credentialSpec else { return }
        var spec = ComposeMapping()
        if let id = credential.config.orNil {
            let name = live.configs.first { $0.id == id }?.spec.name ?? id
            spec.add("config", text: config(named: name))
        }
        spec.add("file", text: credential.file)
        spec.add("registry", text: credential.registry)
        mapping.add("credential_spec", spec)
    }

    private func target(_ source: String, _ file: FileTarget?) -> ComposeText {
        var mapping = ComposeMapping()
        mapping.add("source", text: source)
        mapping.add("target", text: file?.name)
        if let uid = file?.uid.orNil, uid != "0" { mapping.add("uid", text: uid) }
        if let gid = file?.gid.orNil, gid != "0" { mapping.add("gid", text: gid) }
        if let mode = file?.mode, mode != 0o444 { mapping.add("mode", .int(mode)) }
        return mapping.text
    }

    private mutating func addHost(_ container: ContainerSpec, to mapping: inout ComposeMapping, _ key: String) {
        mapping.add("cap_add", texts: container.capabilityAdd)
        mapping.add("cap_drop", texts: container.capabilityDrop)
        mapping.add("sysctls", texts: container.sysctls)
        mapping.add("dns", texts: container.dnsConfig?.nameservers?.withoutRepeats)
        mapping.add("dns_search", texts: container.dnsConfig?.search?.withoutRepeats)
        mapping.add("dns_opt", texts: container.dnsConfig?.options)
        let hosts = container.hosts.orNil?.compactMap { line -> String? in
            let words = line.split(separator: " ")
            return words.count == 2 ? "\(words[1]):\(words[0])" : nil
        }
        if hosts?.count != container.hosts.orNil?.count {
            notes.append("service \(key): entries of its hosts file with several names are not in the file")
        }
        mapping.add("extra_hosts", texts: hosts)
        let ulimits = (container.ulimits ?? []).map { limit -> (String, ComposeText) in
            (limit.name ?? "", .map([("soft", .int(limit.soft ?? 0)), ("hard", .int(limit.hard ?? 0))]))
        }
        mapping.add("ulimits", ulimits.isEmpty ? nil : .map(ulimits))
    }
}

extension ImageReference {
    /// Without its digest unless that is all it has.
    fileprivate init(_ other: ImageReference, withDigest: Bool) {
        self = other
        if !withDigest { digest = nil }
    }
}
