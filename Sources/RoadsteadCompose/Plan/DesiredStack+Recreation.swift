import DockerAPI

extension DesiredStack {
    /// What makes a name mean a volume where a network or a service has it as well.
    static let volumeMark = "volume:"

    /// The volumes that are the stack's own, which nodes make when a task needs them, with what they should be.
    var volumes: [String: VolumeDriver] {
        let mounts = volumeMounts.filter { $0.volumeOptions?.labels?[Self.namespaceLabel] == name }
        return VolumeDriver.byVolume(mounts)
    }

    /// Volumes declared as external.
    var externalVolumes: Set<String> { Set(volumeMounts.compactMap(\.source.orNil)).subtracting(volumes.keys) }

    /// The stack's own volumes that may be made anew, sorted.
    ///
    /// - Parameter names: as somebody gave them, those in the file or those on the Swarm. One that a network or a service
    ///   has as well means those: nobody shall lose a volume whose name is not what he thought of.
    public func volumes(among names: Set<String>) -> [String] {
        let others = Set(networks.map(\.name) + services.map(\.name))
        return volumes.keys.filter { volume in
            isNamed(volume, among: names, mark: Self.volumeMark)
                || (!others.contains(volume) && isNamed(volume, among: names))
        }.sorted()
    }

    /// Whether an object is among names that somebody gave.
    func isNamed(_ object: String, among names: Set<String>, mark: String = "") -> Bool {
        if names.contains(mark + object) { return true }
        guard object.hasPrefix(name + "_") else { return false }
        return names.contains(mark + object.dropFirst(name.count + 1))
    }

    private var volumeMounts: [Mount] {
        services.flatMap { $0.spec.taskTemplate.containerSpec?.mounts ?? [] }.filter { $0.type == "volume" }
    }
}

extension VolumeDriver {
    static func byVolume(_ mounts: [Mount]?) -> [String: VolumeDriver] {
        let volumes = (mounts ?? []).filter { $0.type == "volume" }.compactMap { mount -> (String, VolumeDriver)? in
            let driver = mount.volumeOptions?.driverConfig
            return mount.source.orNil.map { ($0, definition(driver?.name, driver?.options)) }
        }
        return Dictionary(volumes, uniquingKeysWith: { first, _ in first })
    }
}
