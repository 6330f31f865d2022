import RoadsteadBasics

extension ComposeDecoder {
    func network(_ entry: YAMLMapping.Entry, at origin: Origin) -> ComposeNetwork {
        let node = entry.value
        var network = ComposeNetwork(origin: origin)
        (network.name, network.isExternal) = name(node, key: entry.key, kind: "network", at: origin)
        network.driver = node["driver"]?.string.nonEmpty
        network.driverOptions = options(node["driver_opts"])
        network.ipamDriver = node["ipam"]?["driver"]?.string.nonEmpty
        network.pools = (node["ipam"]?["config"]?.list ?? []).map { pool in
            ComposeNetwork.Pool(
                subnet: pool["subnet"]?.string, gateway: pool["gateway"]?.string, ipRange: pool["ip_range"]?.string)
        }
        network.ipamOptions = options(node["ipam"]?["options"])
        network.hasIPv6 = node["enable_ipv6"]?.bool
        network.isInternal = node["internal"]?.bool
        network.isAttachable = node["attachable"]?.bool
        network.labels = stringMap(node["labels"])
        return network
    }

    func volume(_ entry: YAMLMapping.Entry, at origin: Origin) -> ComposeVolume {
        let node = entry.value
        var volume = ComposeVolume(origin: origin)
        (volume.name, volume.isExternal) = name(node, key: entry.key, kind: "volume", at: origin)
        volume.driver = node["driver"]?.string.nonEmpty
        volume.driverOptions = options(node["driver_opts"])
        volume.labels = stringMap(node["labels"])
        if volume.isExternal { refuseAttributesOfExternal(volume, entry.key) }
        return volume
    }

    private func refuseAttributesOfExternal(_ volume: ComposeVolume, _ key: String) {
        let attributes: [(String, Bool)] = [
            ("driver", volume.driver != nil), ("driver_opts", volume.driverOptions?.isEmpty == false),
            ("labels", !volume.labels.isEmpty),
        ]
        for (name, isPresent) in attributes where isPresent {
            log.add(
                "conflicting parameters \"external\" and \"\(name)\" specified for volume \"\(key)\"", at: volume.origin
            )
        }
    }

    func fileObject(_ entry: YAMLMapping.Entry, _ kind: String, at origin: Origin) -> ComposeFileObject {
        let node = entry.value
        var object = ComposeFileObject(origin: origin)
        (object.name, object.isExternal) = name(node, key: entry.key, kind: kind, at: origin)
        object.driver = node["driver"]?.string.nonEmpty
        object.driverOptions = options(node["driver_opts"])
        object.templateDriver = node["template_driver"]?.string.nonEmpty
        object.labels = stringMap(node["labels"])
        object.file = node["file"]?.string.nonEmpty.map { FilePath.absolute($0, from: context.directory) }
        object.content = node["content"]?.string
        object.variable = node["environment"]?.string.nonEmpty.map { name in
            ComposeFileObject.Variable(name: name, value: context.environment[name].map { Redacted($0) })
        }
        check(object, kind)
        return object
    }

    /// What is not external has its data from one place.
    private func check(_ object: ComposeFileObject, _ kind: String) {
        guard !object.isExternal else { return }
        let sources = [
            ("driver", object.driver != nil), ("file", object.file != nil), ("content", object.content != nil),
            ("environment", object.variable != nil),
        ].filter(\.1).map(\.0)
        if sources.count > 1, object.driver != nil {
            log.add("\(kind).driver and \(kind).\(sources[1]) conflict; only use \(kind).driver", at: object.origin)
        } else if sources.count > 1 {
            log.add("has its data from \(sources.joined(separator: " and ")); only use one", at: object.origin)
        } else if sources.isEmpty {
            let others = kind == "config" ? "a file:, a content: or an environment:" : "a file: or an environment:"
            log.add("has no data", at: object.origin, hint: "give it \(others), or say external: true")
        }
        if let variable = object.variable, variable.value == nil {
            log.add(
                "the variable \(variable.name) is not set", at: object.origin,
                hint: "set it in the environment or by an env file")
        }
    }
}
