import DockerAPI
import RoadsteadBasics

/// What the nodes of a Swarm have of the volumes that may be made anew: no Swarm knows the volumes of its nodes, so the
/// engine of each is asked.
public struct VolumeSurvey: Hashable, Sendable {
    /// A volume as one node has it.
    public struct Copy: Hashable, Sendable {
        public var node: String
        public var nodeName: String
        public var volume: Volume
        /// Containers there that mount it and are no tasks of the stack.
        public var strangers: [String]

        public init(node: String, nodeName: String, volume: Volume, strangers: [String] = []) {
            self.node = node
            self.nodeName = nodeName
            self.volume = volume
            self.strangers = strangers
        }
    }

    /// A node whose engine could not be asked.
    public struct Silence: Hashable, Sendable {
        public var nodeName: String
        /// Why, and what would help.
        public var reason: String
        /// Volumes that tasks of the stack have mounted there.
        public var mounted: Set<String>

        public init(nodeName: String, reason: String, mounted: Set<String> = []) {
            self.nodeName = nodeName
            self.reason = reason
            self.mounted = mounted
        }
    }

    public var copies: [Copy]
    public var silent: [Silence]
    /// By volume: the services that mount it and are not of the stack.
    public var strangers: [String: [String]]

    public init(copies: [Copy] = [], silent: [Silence] = [], strangers: [String: [String]] = [:]) {
        self.copies = copies
        self.silent = silent
        self.strangers = strangers
    }
}

extension Volume {
    /// A driver that serves the whole Swarm shows its volumes to every engine, and options and labels only to the one that
    /// made the volume: what others see tells nothing.
    var isElsewhere: Bool { scope == "global" && labels.orNil == nil && options.orNil == nil }

    var definition: VolumeDriver { VolumeDriver.definition(driver, options) }
}

extension VolumeDriver {
    /// As two of them are compared: an engine tells the name of a plugin with its tag.
    static func definition(_ name: String?, _ options: [String: String]?) -> VolumeDriver {
        let name = name.orDefault("local")
        let plain = name.hasSuffix(":latest") ? String(name.dropLast(":latest".count)) : name
        return VolumeDriver(name: plain, options: options.orNil)
    }

    /// Named as Compose files do. Values of options may be keys; their names say enough.
    func differences(from old: VolumeDriver) -> [FieldChange] {
        var changes: [FieldChange] = []
        if let before = old.name, let after = name, before != after {
            changes.append(FieldChange(path: "driver", from: .string(before), to: .string(after)))
        }
        let (had, wanted) = (old.options ?? [:], options ?? [:])
        for name in Set(had.keys).union(wanted.keys).sorted() where had[name] != wanted[name] {
            changes.append(
                FieldChange(
                    path: "driver_opts.\(name)", from: had[name].map { _ in "(hidden)" },
                    to: wanted[name].map { _ in "(hidden, changed)" }))
        }
        return changes
    }
}
