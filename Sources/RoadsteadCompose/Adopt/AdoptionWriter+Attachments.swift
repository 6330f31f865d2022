import DockerAPI
import RoadsteadBasics

extension AdoptionWriter {
    mutating func networks(_ attachments: [NetworkAttachmentConfig], _ service: String) -> ComposeText? {
        guard !attachments.isEmpty else {
            notes.append("service \(service) is on no network; a Compose file puts it on the stack's default network")
            return nil
        }
        var members: [(String, ComposeText)] = []
        for attachment in attachments {
            let key = network(attachment.target ?? "")
            var mapping = ComposeMapping()
            mapping.add("aliases", texts: attachment.aliases?.filter { $0 != service })
            mapping.add("driver_opts", texts: attachment.driverOpts)
            members.append((key, mapping.text))
        }
        return .map(members)
    }

    func ports(_ endpoint: EndpointSpec?) -> ComposeText? {
        guard let ports = endpoint?.ports.orNil else { return nil }
        return .list(
            ports.map { port in
                var mapping = ComposeMapping()
                mapping.add("target", port.targetPort.map { .int($0) })
                mapping.add("published", port.publishedPort.nonZero.map { .int($0) })
                mapping.add("protocol", text: port.protocol)
                mapping.add("mode", text: port.publishMode)
                mapping.add("name", text: port.name)
                return mapping.text
            })
    }

    mutating func mounts(_ mounts: [Mount], _ service: String) -> ComposeText? {
        guard !mounts.isEmpty else { return nil }
        var entries: [ComposeText] = []
        for mount in mounts { entries.append(entry(mount, service)) }
        return .list(entries)
    }

    private mutating func entry(_ mount: Mount, _ service: String) -> ComposeText {
        let type = mount.type.orDefault("bind")
        var mapping = ComposeMapping()
        mapping.add("type", text: type)
        if let source = mount.source.orNil {
            mapping.add("source", text: type == "volume" ? volume(source, mount.volumeOptions) : source)
        }
        mapping.add("target", text: mount.target)
        mapping.add("read_only", flag: mount.readOnly)
        if let consistency = mount.consistency.orNil, consistency != "default" {
            mapping.add("consistency", text: consistency)
        }
        var (bind, volume, tmpfs) = (ComposeMapping(), ComposeMapping(), ComposeMapping())
        bind.add("propagation", text: mount.bindOptions?.propagation)
        bind.add("recursive", text: mount.bindOptions?.nonRecursive == true ? "disabled" : nil)
        volume.add("nocopy", flag: mount.volumeOptions?.noCopy)
        volume.add("subpath", text: mount.volumeOptions?.subpath)
        tmpfs.add("size", mount.tmpfsOptions?.sizeBytes.nonZero.map { .int($0) })
        mapping.add("bind", bind)
        mapping.add("volume", volume)
        mapping.add("tmpfs", tmpfs)
        if mount.bindOptions?.createMountpoint == true {
            notes.append(
                "service \(service): a Compose file for a Swarm cannot say a bind that makes its source "
                    + "(\(mount.target ?? ""))")
        }
        return mapping.text
    }

    func healthcheck(_ check: HealthConfig?) -> ComposeText? {
        guard let check else { return nil }
        if check.test == ["NONE"] { return .map([("disable", .flag(true))]) }
        var mapping = ComposeMapping()
        mapping.add("test", texts: check.test)
        mapping.add("interval", nanoseconds: check.interval.nonZero)
        mapping.add("timeout", nanoseconds: check.timeout.nonZero)
        mapping.add("start_period", nanoseconds: check.startPeriod.nonZero)
        mapping.add("start_interval", nanoseconds: check.startInterval.nonZero)
        mapping.add("retries", check.retries.nonZero.map { .int($0) })
        return mapping.members.isEmpty ? nil : mapping.text
    }

    func logging(_ driver: LogDriver?) -> ComposeText? {
        guard let driver else { return nil }
        var mapping = ComposeMapping()
        mapping.add("driver", text: driver.name)
        mapping.add("options", texts: driver.options)
        return mapping.members.isEmpty ? nil : mapping.text
    }
}
