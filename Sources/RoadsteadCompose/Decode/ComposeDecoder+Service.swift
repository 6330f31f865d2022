extension ComposeDecoder {
    func service(_ entry: YAMLMapping.Entry, at origin: Origin) -> ComposeService {
        let node = entry.value
        let path = origin.path
        var service = ComposeService(name: entry.key, origin: origin)
        service.keyPositions = keyPositions(node)
        service.image = node["image"]?.string.nonEmpty
        service.command = words(node["command"], at: path.key("command"))
        service.entrypoint = words(node["entrypoint"], at: path.key("entrypoint"))
        service.environment = optionalStringMap(node["environment"]).reduce(into: [:]) { result, variable in
            result.updateValue(filled(variable.value, for: variable.key), forKey: variable.key)
        }
        service.fileEnvironment = fileEnvironment(node, own: service.environment, at: path)
        service.labels = labels(node, at: path)
        decodeContainer(node, into: &service)
        service.healthcheck = node["healthcheck"].map { healthcheck($0, at: path.key("healthcheck")) }
        service.logging = node["logging"].map {
            ComposeLogging(driver: $0["driver"]?.string.nonEmpty, options: options($0["options"]))
        }
        service.credentialSpec = credentialSpec(node["credential_spec"], at: path.key("credential_spec"))
        service.restart = restart(node["restart"], at: path.key("restart"))
        service.ports = ports(node["ports"], at: path.key("ports"))
        service.mounts =
            mounts(node["volumes"], at: path.key("volumes")) + tmpfsMounts(node["tmpfs"], at: path.key("tmpfs"))
        service.networks = networks(node["networks"], at: path.key("networks"))
        service.configs = references(node["configs"], at: path.key("configs"))
        service.secrets = references(node["secrets"], at: path.key("secrets"))
        if let node = node["deploy"] { service.deploy = deploy(node, at: path.key("deploy")) }
        decodeOlderResources(node, into: &service)
        service.dependencies = dependencies(node["depends_on"], at: path.key("depends_on"))
        service.profiles = strings(node["profiles"])
        service.build = node["build"].map { build($0, at: Origin(path: path.key("build"), position: $0.position)) }
        return service
    }

    private func keyPositions(_ node: YAMLNode) -> KeyPositions {
        var positions: [String: SourcePosition] = [:]
        for entry in node.mapping?.entries ?? [] {
            positions[entry.key] = entry.position
            guard entry.key == "deploy" else { continue }
            for inner in entry.value.mapping?.entries ?? [] { positions["deploy." + inner.key] = inner.position }
        }
        return KeyPositions(positions: positions)
    }

    private func decodeContainer(_ node: YAMLNode, into service: inout ComposeService) {
        service.hostname = node["hostname"]?.string.nonEmpty
        service.user = node["user"]?.string.nonEmpty
        service.workingDirectory = node["working_dir"]?.string.nonEmpty
        service.extraHosts = extraHosts(node["extra_hosts"], at: service.origin.path.key("extra_hosts"))
        service.dns = strings(node["dns"])
        service.dnsSearch = strings(node["dns_search"])
        service.dnsOptions = strings(node["dns_opt"])
        service.groups = (node["group_add"]?.list ?? []).compactMap(\.text)
        service.capabilitiesToAdd = strings(node["cap_add"])
        service.capabilitiesToDrop = strings(node["cap_drop"])
        service.sysctls = stringMap(node["sysctls"])
        service.ulimits = ulimits(node["ulimits"])
        service.`init` = node["init"]?.bool
        service.isolation = node["isolation"]?.string.nonEmpty
        service.isReadOnly = node["read_only"]?.bool
        service.opensStdin = node["stdin_open"]?.bool
        service.hasTTY = node["tty"]?.bool
        service.oomScoreAdjustment = node["oom_score_adj"]?.integer
        service.security = security(node["security_opt"], at: service.origin.path.key("security_opt"))
        service.stopSignal = node["stop_signal"]?.string.nonEmpty
        service.stopGracePeriod = duration(node["stop_grace_period"])
    }

    // MARK: - Parts of the container

    private func extraHosts(_ node: YAMLNode?, at path: NodePath) -> [ExtraHost] {
        guard let node else { return [] }
        if let mapping = node.mapping {
            return mapping.entries.filter { !$0.value.isNull }.map {
                ($0.key, $0.value.list?.compactMap(\.string) ?? [$0.value.text ?? ""])
            }.flatMap { name, addresses in
                addresses.map { ExtraHost(name: name, address: Self.unbracketed($0)) }
            }.sorted { ($0.name, $0.address) < ($1.name, $1.address) }
        }
        return (node.list ?? []).enumerated().compactMap { index, item in
            guard let text = item.string else { return nil }
            let separator: Character = text.contains("=") ? "=" : ":"
            let parts = text.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                log.add("'\(text)' is no host:address", at: item.position, path: path.index(index))
                return nil
            }
            return ExtraHost(name: String(parts[0]), address: Self.unbracketed(String(parts[1])))
        }
    }

    private static func unbracketed(_ address: String) -> String {
        address.count > 2 && address.hasPrefix("[") && address.hasSuffix("]")
            ? String(address.dropFirst().dropLast()) : address
    }

    private func ulimits(_ node: YAMLNode?) -> [String: ComposeUlimit] {
        var ulimits: [String: ComposeUlimit] = [:]
        for entry in node?.mapping?.entries ?? [] {
            if let both = entry.value.integer {
                ulimits[entry.key] = ComposeUlimit(soft: both, hard: both)
            } else if let soft = entry.value["soft"]?.integer, let hard = entry.value["hard"]?.integer {
                ulimits[entry.key] = ComposeUlimit(soft: soft, hard: hard)
            }
        }
        return ulimits
    }

    private func healthcheck(_ node: YAMLNode, at path: NodePath) -> ComposeHealthcheck {
        var check = ComposeHealthcheck()
        check.test = node["test"].map { test in test.string.map { ["CMD-SHELL", $0] } ?? strings(test) }
        check.isDisabled = node["disable"]?.bool
        check.interval = pause(node["interval"], at: path.key("interval"))
        check.timeout = pause(node["timeout"], at: path.key("timeout"))
        check.startPeriod = pause(node["start_period"], at: path.key("start_period"))
        check.startInterval = pause(node["start_interval"], at: path.key("start_interval"))
        check.retries = unsigned(node["retries"], at: path.key("retries")).flatMap { Int64(exactly: $0) }
        return check
    }

    /// The engine takes no pauses below a millisecond but 0, which stands for its default.
    private func pause(_ node: YAMLNode?, at path: NodePath) -> Int64? {
        guard let node, let nanoseconds = duration(node) else { return nil }
        if nanoseconds > 0, nanoseconds < 1_000_000 {
            log.add("cannot be less than 1ms", at: node.position, path: path)
        }
        return nanoseconds
    }

    private func credentialSpec(_ node: YAMLNode?, at path: NodePath) -> ComposeCredentialSpec? {
        guard let node else { return nil }
        return ComposeCredentialSpec(
            config: node["config"]?.string.nonEmpty, file: node["file"]?.string.nonEmpty,
            registry: node["registry"]?.string.nonEmpty)
    }

    private func restart(_ node: YAMLNode?, at path: NodePath) -> RestartSpec? {
        guard let node, let text = node.string else { return nil }
        do throws(RestartSpec.Failure) {
            return try RestartSpec.parse(text)
        } catch {
            log.add(error.message, at: node.position, path: path)
            return nil
        }
    }
}
