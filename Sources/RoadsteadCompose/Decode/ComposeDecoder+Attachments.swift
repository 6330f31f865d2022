/// What a service hangs on: ports, mounts, networks, configs and secrets.
extension ComposeDecoder {
    // MARK: - Ports

    /// More than anybody publishes: a short line like `1-65535` stands for that many.
    private static let portLimit = 10_000

    func ports(_ node: YAMLNode?, at path: NodePath) -> [ComposePort] {
        var ports: [ComposePort] = []
        for (index, item) in (node?.list ?? []).enumerated() {
            let origin = Origin(path: path.index(index), position: item.position)
            let count = item.text.flatMap { try? PortSpec.parse($0) }?.count ?? 1
            guard ports.count + count <= Self.portLimit else {
                log.add("a service cannot publish more than \(Self.portLimit) ports", at: origin)
                return []
            }
            ports += port(item, at: origin)
        }
        return ports
    }

    private func port(_ node: YAMLNode, at origin: Origin) -> [ComposePort] {
        guard node.mapping == nil else {
            return [
                ComposePort(
                    origin: origin, target: portNumber(node["target"], at: origin.path.key("target")),
                    published: portNumber(node["published"], at: origin.path.key("published")),
                    protocol: node["protocol"]?.string.nonEmpty, mode: node["mode"]?.string.nonEmpty,
                    name: node["name"]?.string.nonEmpty)
            ]
        }
        guard let text = node.text, let spec = try? PortSpec.parse(text) else { return [] }
        if let address = spec.hostAddress, !["0.0.0.0", "::"].contains(address) {
            log.warn("\(origin.path): ignoring IP-address (\(text)) service will listen on '0.0.0.0'")
        }
        return spec.mappings.map { mapping in
            ComposePort(
                origin: origin, target: mapping.target, published: mapping.published, protocol: spec.protocol,
                mode: "ingress")
        }
    }

    private func portNumber(_ node: YAMLNode?, at path: NodePath) -> UInt32? {
        guard let node, let number = node.integer ?? node.string.flatMap({ Int64($0) }) else { return nil }
        guard (0...65535).contains(number) else {
            log.add("\(number) is no port: it must be from 0 to 65535", at: node.position, path: path)
            return nil
        }
        return UInt32(number)
    }

    // MARK: - Networks

    func networks(_ node: YAMLNode?, at path: NodePath) -> [String: ComposeNetworkAttachment] {
        var networks: [String: ComposeNetworkAttachment] = [:]
        for (index, item) in (node?.list ?? []).enumerated() {
            guard let name = item.string else { continue }
            networks[name] = ComposeNetworkAttachment(origin: Origin(path: path.index(index), position: item.position))
        }
        for entry in node?.mapping?.entries ?? [] {
            networks[entry.key] = ComposeNetworkAttachment(
                origin: Origin(path: path.key(entry.key), position: entry.position),
                aliases: strings(entry.value["aliases"]), driverOptions: options(entry.value["driver_opts"]))
        }
        return networks
    }

    // MARK: - Configs and secrets

    func references(_ node: YAMLNode?, at path: NodePath) -> [ComposeFileReference] {
        (node?.list ?? []).enumerated().compactMap { index, item in
            let origin = Origin(path: path.index(index), position: item.position)
            if let source = item.string { return ComposeFileReference(origin: origin, source: source) }
            return ComposeFileReference(
                origin: origin, source: item["source"]?.string ?? "", target: item["target"]?.string.nonEmpty,
                uid: item["uid"]?.string.nonEmpty, gid: item["gid"]?.string.nonEmpty,
                mode: mode(item["mode"], at: origin.path.key("mode")))
        }
    }

    private func mode(_ node: YAMLNode?, at path: NodePath) -> UInt32? {
        guard let node, let number = node.integer else { return nil }
        guard let mode = UInt32(exactly: number) else {
            log.add("\(number) is no file mode", at: node.position, path: path, hint: "write it in octal: 0440")
            return nil
        }
        return mode
    }

    // MARK: - Mounts

    func mounts(_ node: YAMLNode?, at path: NodePath) -> [ComposeMount] {
        (node?.list ?? []).enumerated().compactMap { index, item in
            let origin = Origin(path: path.index(index), position: item.position)
            guard var mount = item.string.map({ shortMount($0, at: origin) }) ?? longMount(item, at: origin) else {
                return nil
            }
            if mount.kind == .bind { mount.source = mount.source.map { hostPath($0, at: mount.origin) } }
            return MountRules.check(mount, log) ? mount : nil
        }
    }

    private func shortMount(_ text: String, at origin: Origin) -> ComposeMount? {
        let spec: VolumeSpec
        do throws(VolumeSpec.Failure) {
            spec = try VolumeSpec.parse(text)
        } catch {
            log.add(error.message, at: origin, hint: "write source:target or source:target:ro")
            return nil
        }
        for option in spec.ignoredOptions where !option.isEmpty {
            log.warn("\(origin.path) is not wholly honoured: the option '\(option)' means nothing on a Swarm")
        }
        var mount = ComposeMount(origin: origin, kind: spec.type == "bind" ? .bind : .volume)
        mount.source = spec.source.isEmpty ? nil : spec.source
        mount.target = spec.target
        mount.isReadOnly = spec.isReadOnly ? true : nil
        if spec.noCopy { mount.volume = ComposeMount.VolumeOptions(noCopy: true) }
        if let propagation = spec.propagation { mount.bind = ComposeMount.BindOptions(propagation: propagation) }
        return mount
    }

    private func longMount(_ node: YAMLNode, at origin: Origin) -> ComposeMount? {
        guard let type = node["type"]?.string else { return nil }
        guard let kind = type.isEmpty ? .volume : ComposeMount.Kind(rawValue: type) else {
            switch type {
            case "cluster": log.add("cluster volumes are not supported", at: origin)
            case "image":
                log.add(
                    "a Swarm mounts no images", at: origin,
                    hint: "let a service of mode replicated-job copy what is needed into a volume")
            default: log.add("volume type must be volume, bind, tmpfs or npipe, and not '\(type)'", at: origin)
            }
            return nil
        }
        var mount = ComposeMount(origin: origin, kind: kind)
        mount.source = node["source"]?.string.nonEmpty
        mount.target = node["target"]?.string.nonEmpty
        mount.isReadOnly = node["read_only"]?.bool
        mount.consistency = node["consistency"]?.string.nonEmpty
        mount.volume = node["volume"].map {
            ComposeMount.VolumeOptions(
                noCopy: $0["nocopy"]?.bool, subpath: $0["subpath"]?.string.nonEmpty, labels: stringMap($0["labels"]))
        }
        mount.bind = node["bind"].map { bind($0, at: origin.path.key("bind")) }
        mount.tmpfs = node["tmpfs"].map { ComposeMount.TmpfsOptions(size: $0["size"]?.text.flatMap(ByteSize.bytes)) }
        if let size = node["tmpfs"]?["size"]?.integer, size < 0 { mount.tmpfs?.size = size }
        if let size = mount.tmpfs?.size, size < 0 {
            log.add("size must be greater than or equal to 0", at: origin)
            return nil
        }
        return mount
    }

    private func bind(_ node: YAMLNode, at path: NodePath) -> ComposeMount.BindOptions {
        var options = ComposeMount.BindOptions(propagation: node["propagation"]?.string.nonEmpty)
        switch node["recursive"]?.string {
        case "disabled": options.isNonRecursive = true
        // How far read-only reaches is decided by the engine of each node: a Swarm hands it on to none.
        case let word? where word != "enabled":
            log.warn("\(path.key("recursive")) is ignored: a Swarm can say enabled or disabled, and not '\(word)'")
        default: break
        }
        return options
    }

    /// A path on the nodes: `~` is the caller's home, relative ones count from the Compose file.
    private func hostPath(_ path: String, at origin: Origin) -> String {
        var path = path
        if path.hasPrefix("~") {
            if let home = context.environment["HOME"] {
                path = home + path.dropFirst()
            } else {
                log.warn("cannot expand '~' in \(path): the environment lacks HOME")
            }
        }
        if !context.hasFolder, !path.hasPrefix("/"), !FilePath.isWindowsAbsolute(path) {
            log.add(
                "mounts '\(path)' of the nodes, and an application at a server lies in no folder from which that counts",
                at: origin, hint: "give an absolute path, or make it a config (files) or a named volume (data)")
        }
        return FilePath.isWindowsAbsolute(path) ? path : FilePath.absolute(path, from: context.directory)
    }
}
