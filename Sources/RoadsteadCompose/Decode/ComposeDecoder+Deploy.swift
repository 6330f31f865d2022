extension ComposeDecoder {
    func deploy(_ node: YAMLNode, at path: NodePath) -> ComposeDeploy {
        var deploy = ComposeDeploy()
        deploy.mode = mode(node["mode"], at: path.key("mode"))
        deploy.replicas = unsigned(node["replicas"], at: path.key("replicas"))
        deploy.endpointMode = endpointMode(node["endpoint_mode"], at: path.key("endpoint_mode"))
        deploy.labels = stringMap(node["labels"])
        deploy.updateConfig = updateConfig(
            node["update_config"], actions: ["pause", "continue", "rollback"], at: path.key("update_config"))
        deploy.rollbackConfig = updateConfig(
            node["rollback_config"], actions: ["pause", "continue"], at: path.key("rollback_config"))
        let resources = path.key("resources")
        deploy.limits = amounts(node["resources"]?["limits"], at: resources.key("limits"))
        deploy.reservations = amounts(node["resources"]?["reservations"], at: resources.key("reservations"))
        deploy.restartPolicy = restartPolicy(node["restart_policy"], at: path.key("restart_policy"))
        deploy.placement = placement(node["placement"], at: path.key("placement"))
        return deploy
    }

    /// The keys of single containers that say what `deploy` says too: `scale`, `cpus`, `mem_limit`, `mem_reservation`,
    /// `pids_limit`; and those about swap and `platform`. Source: the Compose specification, services; they must not contradict `deploy`.
    func decodeOlderResources(_ node: YAMLNode, into service: inout ComposeService) {
        let path = service.origin.path
        var deploy = service.deploy
        settle(&deploy.replicas, unsigned(node["scale"], at: path.key("scale")), node, "scale", path)
        var limits = deploy.limits ?? ComposeResources()
        settle(&limits.nanoCPUs, cpus(node["cpus"], at: path.key("cpus")), node, "cpus", path)
        settle(&limits.memory, memory(node["mem_limit"], at: path.key("mem_limit")), node, "mem_limit", path)
        settle(&limits.pids, node["pids_limit"]?.integer, node, "pids_limit", path)
        if limits != ComposeResources() { deploy.limits = limits }
        var reservations = deploy.reservations ?? ComposeResources()
        let reserved = memory(node["mem_reservation"], at: path.key("mem_reservation"))
        settle(&reservations.memory, reserved, node, "mem_reservation", path)
        if reservations != ComposeResources() { deploy.reservations = reservations }
        service.deploy = deploy
        service.platformConstraints = platformConstraints(node["platform"], at: path.key("platform"))
        service.memorySwapLimit = swapLimit(node["memswap_limit"], at: path.key("memswap_limit"))
        service.memorySwappiness = swappiness(node["mem_swappiness"], at: path.key("mem_swappiness"))
    }

    /// -1 is any amount; 0 says nothing, as with docker.
    private func swapLimit(_ node: YAMLNode?, at path: NodePath) -> Int64? {
        guard let node, node.text != "-1" else { return node == nil ? nil : -1 }
        return memory(node, at: path).nonZero
    }

    private func swappiness(_ node: YAMLNode?, at path: NodePath) -> Int64? {
        guard let node, let number = node.integer else { return nil }
        guard (0...100).contains(number) else {
            log.add("\(number) is no swappiness: it must be from 0 to 100", at: node.position, path: path)
            return nil
        }
        return number
    }

    private func settle<Value: Equatable>(
        _ value: inout Value?, _ older: Value?, _ node: YAMLNode, _ key: String, _ path: NodePath
    ) {
        guard let older, let place = node[key]?.position else { return }
        if let value, value != older {
            log.add("contradicts what deploy says of the same", at: place, path: path.key(key), hint: "take it out")
        }
        value = value ?? older
    }

    /// Nodes tell their processors as their kernels call them.
    private static let architectures = [
        "amd64": "x86_64", "x86_64": "x86_64", "arm64": "aarch64", "arm64/v8": "aarch64", "aarch64": "aarch64",
        "arm/v7": "armv7l", "arm/v6": "armv6l", "ppc64le": "ppc64le", "s390x": "s390x", "riscv64": "riscv64",
    ]

    /// `linux/arm64` as what a node must be.
    private func platformConstraints(_ node: YAMLNode?, at path: NodePath) -> [String]? {
        guard let node, let text = node.string.nonEmpty else { return nil }
        let parts = text.lowercased().split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let system = "node.platform.os == \(parts[0])"
        guard parts.count == 2 else { return [system] }
        guard let architecture = Self.architectures[String(parts[1])] else {
            log.add(
                "'\(text)' is no platform that is known here", at: node.position, path: path,
                hint: "say it by deploy.placement.constraints: node.platform.arch == ARCH")
            return nil
        }
        return [system, "node.platform.arch == \(architecture)"]
    }

    private func mode(_ node: YAMLNode?, at path: NodePath) -> ComposeDeploy.Mode? {
        guard let node, let text = node.string, !text.isEmpty else { return nil }
        guard let mode = ComposeDeploy.Mode(rawValue: text) else {
            let known = ComposeDeploy.Mode.allCases.map(\.rawValue).joined(separator: ", ")
            log.add("unknown mode: \(text)", at: node.position, path: path, hint: "one of \(known)")
            return nil
        }
        return mode
    }

    private func endpointMode(_ node: YAMLNode?, at path: NodePath) -> String? {
        guard let node, let text = node.string?.lowercased(), !text.isEmpty else { return nil }
        if !["vip", "dnsrr"].contains(text) {
            log.add("unknown endpoint mode: \(text)", at: node.position, path: path, hint: "one of vip, dnsrr")
        }
        return text
    }

    private func updateConfig(
        _ node: YAMLNode?, actions: [String], at path: NodePath
    ) -> ComposeUpdateConfig? {
        guard let node else { return nil }
        var config = ComposeUpdateConfig()
        config.parallelism = unsigned(node["parallelism"], at: path.key("parallelism"))
        config.delay = duration(node["delay"])
        config.failureAction = node["failure_action"]?.string.nonEmpty
        config.monitor = duration(node["monitor"])
        config.maxFailureRatio = node["max_failure_ratio"]?.double
        config.order = node["order"]?.string.nonEmpty
        if let action = config.failureAction, !actions.contains(action), let place = node["failure_action"] {
            log.add(
                "unrecognized update failure action \(action)", at: place.position, path: path.key("failure_action"),
                hint: "one of \(actions.joined(separator: ", "))")
        }
        if let ratio = config.maxFailureRatio, !(0...1).contains(ratio), let place = node["max_failure_ratio"] {
            log.add("must be from 0 to 1", at: place.position, path: path.key("max_failure_ratio"))
        }
        return config
    }

    private func restartPolicy(_ node: YAMLNode?, at path: NodePath) -> ComposeRestartPolicy? {
        guard let node else { return nil }
        let policy = ComposeRestartPolicy(
            condition: node["condition"]?.string.nonEmpty, delay: duration(node["delay"]),
            maxAttempts: unsigned(node["max_attempts"], at: path.key("max_attempts")), window: duration(node["window"]))
        if let condition = policy.condition, !["none", "on-failure", "any"].contains(condition),
            let place = node["condition"]
        {
            log.add(
                "invalid RestartCondition: \"\(condition)\"", at: place.position, path: path.key("condition"),
                hint: "one of none, on-failure, any")
        }
        return policy
    }

    // MARK: - Placement

    private func placement(_ node: YAMLNode?, at path: NodePath) -> ComposePlacement {
        for (index, item) in (node?["constraints"]?.list ?? []).enumerated() {
            guard let text = item.string, let problem = Self.constraintProblem(text) else { continue }
            log.add(
                problem, at: item.position, path: path.key("constraints").index(index),
                hint: "write it like node.role == manager")
        }
        return ComposePlacement(
            constraints: strings(node?["constraints"]),
            preferences: (node?["preferences"]?.list ?? []).map { $0["spread"]?.string ?? "" },
            maxReplicasPerNode: unsigned(node?["max_replicas_per_node"], at: path.key("max_replicas_per_node")))
    }

    /// The Swarm's grammar: a key, `==` or `!=`, a value.
    private static func constraintProblem(_ text: String) -> String? {
        let parts =
            text.contains("==")
            ? text.split(separator: "==", maxSplits: 1, omittingEmptySubsequences: false)
            : text.split(separator: "!=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return "constraint '\(text)': expected one operator from ==, !=" }
        let key = parts[0].filter { !$0.isWhitespace }
        let isKey = key.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || "-_./".utf8.contains(byte)
        }
        guard !key.isEmpty, isKey else { return "constraint '\(text)': key '\(parts[0])' is invalid" }
        guard parts[1].contains(where: { !$0.isWhitespace }) else {
            return "constraint '\(text)': value '\(parts[1])' is invalid"
        }
        return nil
    }

    // MARK: - Resources

    private func amounts(_ node: YAMLNode?, at path: NodePath) -> ComposeResources? {
        guard let node else { return nil }
        var resources = ComposeResources()
        resources.nanoCPUs = cpus(node["cpus"], at: path.key("cpus"))
        resources.memory = memory(node["memory"], at: path.key("memory"))
        resources.pids = node["pids"]?.integer
        resources.generic = (node["generic_resources"]?.list ?? []).compactMap { item in
            item["discrete_resource_spec"].map { spec in
                ComposeResources.Generic(kind: spec["kind"]?.string ?? "", value: spec["value"]?.integer ?? 0)
            }
        }
        return resources
    }

    private func cpus(_ node: YAMLNode?, at path: NodePath) -> Int64? {
        guard let node, let text = node.text, !text.isEmpty else { return nil }
        do throws(CPUAmount.Failure) {
            let nanos = try CPUAmount.nanos(text)
            guard nanos == 0 || nanos >= 1_000_000 else {
                log.add("invalid cpu value \(text): must be at least 0.001", at: node.position, path: path)
                return nil
            }
            return nanos
        } catch {
            switch error {
            case .tooPrecise:
                log.add("value is too precise: \(text)", at: node.position, path: path, hint: "nine decimals at most")
            case .notANumber:
                log.add("failed to parse \(text) as a rational number", at: node.position, path: path)
            }
            return nil
        }
    }

    /// The Swarm takes no less than 4 MiB; 0 says nothing.
    private func memory(_ node: YAMLNode?, at path: NodePath) -> Int64? {
        guard let node, let text = node.text else { return nil }
        guard let bytes = ByteSize.bytes(text) else {
            log.add("invalid size: '\(text)'", at: node.position, path: path, hint: "write it like 64M or 1.5GiB")
            return nil
        }
        guard bytes == 0 || bytes >= 4 << 20 else {
            log.add("invalid memory value \(bytes): Must be at least 4MiB", at: node.position, path: path)
            return nil
        }
        return bytes
    }
}
