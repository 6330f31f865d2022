/// Merges several Compose files as docker does: mappings key by key, single values by the later file, lists appended;
/// ports by published port and protocol, mounts by target, configs and secrets by source and by target; top-level networks, volumes, configs and
/// secrets as wholes.
///
/// Where docker loses what files say, we do not: an explicit `false`, `0s` or healthcheck test of a later file counts,
/// and two ports of one file stay two when a second file is merged over it.
enum ComposeMerge {
    static func merge(_ files: [ComposeFile]) -> ComposeFile {
        files.reduce(into: ComposeFile()) { base, over in
            base.services.merge(over.services) { $0.merged(with: $1) }
            base.networks.merge(over.networks) { $1 }
            base.volumes.merge(over.volumes) { $1 }
            base.configs.merge(over.configs) { $1 }
            base.secrets.merge(over.secrets) { $1 }
        }
    }

    /// Replaces what has the same key, keeps the rest, sorted by key.
    static func replacing<Element, Key: Hashable & Comparable>(
        _ base: [Element], with over: [Element], by key: (Element) -> Key
    ) -> [Element] {
        guard !over.isEmpty else { return base }
        let replaced = Set(over.map(key))
        let all = base.filter { !replaced.contains(key($0)) } + over
        return all.enumerated().sorted { (key($0.element), $0.offset) < (key($1.element), $1.offset) }.map(\.element)
    }
}

extension Optional {
    /// The later file's value where it has one.
    mutating func override(with over: Wrapped?) { self = over ?? self }

    /// The later file's value over this one's, member by member.
    mutating func merge(_ over: Wrapped?, by merge: (inout Wrapped, Wrapped) -> Void) {
        guard var base = self, let over else { return override(with: over) }
        merge(&base, over)
        self = base
    }
}
