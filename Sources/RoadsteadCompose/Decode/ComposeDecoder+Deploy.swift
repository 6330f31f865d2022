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
        guard let node, let text = node.string, !text.isEmpty else { return nil }
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
        guard let node, let text = node.string else { return nil }
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
