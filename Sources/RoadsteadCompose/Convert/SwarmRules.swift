import DockerAPI

/// What a Swarm would refuse when half of the stack is already made, found before anything is.
///
/// The rules and words are those of the engine's own checks (names, jobs, mounts, published ports, sizes of data).
struct SwarmRules {
    let stack: DesiredStack
    let file: ComposeFile
    let log: ProblemLog

    func check() {
        for service in stack.services {
            guard let source = file.services[service.key] else { continue }
            checkName(service.spec.name ?? "", source)
            checkJob(service.spec, source)
            checkMounts(source)
            checkPorts(service.spec, source)
        }
        checkIngressPorts()
        check(stack.configs, file.configs, kind: "config", limit: 1_024_000)
        check(stack.secrets, file.secrets, kind: "secret", limit: 512_000)
    }

    // MARK: - Services

    private func checkName(_ name: String, _ source: ComposeService) {
        if !Self.isDNSComponent(name) {
            log.add(
                "service name '\(name)': name must be valid as a DNS name component", at: source.origin,
                hint: "use letters, digits, '-' and '_'")
        } else if name.utf8.count > 63 {
            log.add("service name '\(name)': name must be 63 characters or fewer", at: source.origin)
        }
    }

    private func checkJob(_ spec: ServiceSpec, _ source: ComposeService) {
        guard spec.mode?.isJob == true, spec.updateConfig != nil else { return }
        log.add(
            "jobs may not have an update config", at: source.origin(of: "deploy", "update_config"), hint: "take it out")
    }

    private func checkMounts(_ source: ComposeService) {
        var taken: Set<String> = []
        for mount in source.mounts {
            guard let target = mount.target, !taken.insert(target).inserted else { continue }
            log.add("duplicate mount point: \(target) has a mount already", at: mount.origin)
        }
    }

    /// A port of the routing mesh belongs to one service of the whole Swarm; host ports may be shared.
    private func checkIngressPorts() {
        // By port: the first service of all, and the first that has it of the routing mesh.
        var (first, mesh): ([String: String], [String: String]) = ([:], [:])
        for service in stack.services {
            for port in service.spec.endpointSpec?.ports ?? [] {
                guard let published = port.publishedPort, let source = file.services[service.key] else { continue }
                let name = "\(published)/\(port.protocol ?? "tcp")"
                let isIngress = port.publishMode != "host"
                let other = isIngress ? first[name] : mesh[name]
                first[name] = first[name] ?? service.key
                if isIngress { mesh[name] = mesh[name] ?? service.key }
                guard let other, other != service.key else { continue }
                log.add(
                    "port \(name) is already in use by service \(other)", at: source.origin(of: "ports"),
                    hint: "publish another one, or both with mode: host")
            }
        }
    }

    private func checkPorts(_ spec: ServiceSpec, _ source: ComposeService) {
        let ports = spec.endpointSpec?.ports ?? []
        if spec.endpointSpec?.mode == "dnsrr", ports.contains(where: { $0.publishMode == "ingress" }) {
            log.add(
                "EndpointSpec: port published with ingress mode can't be used with dnsrr mode",
                at: source.origin(of: "deploy", "endpoint_mode"), hint: "publish the port with mode: host")
        }
        var taken: Set<String> = []
        for port in ports {
            guard let published = port.publishedPort else { continue }
            guard !taken.insert("\(published)/\(port.protocol ?? "")").inserted else { continue }
            log.add(
                "EndpointSpec: duplicate published ports provided: \(published)/\(port.protocol ?? "tcp") is there twice",
                at: source.origin(of: "ports"))
        }
        for port in source.ports where port.target == nil || port.target == 0 {
            log.add("has no target: say which port of the container is meant", at: port.origin)
        }
    }

    /// `^[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*$`
    static func isDNSComponent(_ name: String) -> Bool {
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        }
        guard let first = name.utf8.first, let last = name.utf8.last, isAlphanumeric(first), isAlphanumeric(last)
        else { return false }
        return name.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    // MARK: - Configs and secrets

    private func check(
        _ specs: [FileSpec], _ sources: [String: ComposeFileObject], kind: String, limit: Int
    ) {
        let origins = Dictionary(
            sources.map { ($0.value.name ?? stack.name + "_" + $0.key, $0.value.origin) },
            uniquingKeysWith: { a, _ in a })
        var names: Set<String> = []
        for spec in specs {
            guard let origin = origins[spec.name] else { continue }
            if let data = spec.data, data.isEmpty || data.count >= limit {
                log.add(
                    "\(kind) data must be larger than 0 and less than \(limit) bytes, and \(spec.name) has \(data.count)",
                    at: origin)
            }
            if spec.name.utf8.count > 64 {
                log.add("\(kind) name '\(spec.name)' is longer than 64 characters", at: origin)
            }
            if !names.insert(spec.name).inserted { log.add("two \(kind)s are named '\(spec.name)'", at: origin) }
        }
    }
}
