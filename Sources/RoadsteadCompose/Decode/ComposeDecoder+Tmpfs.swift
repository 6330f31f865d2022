extension ComposeDecoder {
    /// `tmpfs: /run` or `[/run:size=64m,mode=1777]`: mounts like any other.
    func tmpfsMounts(_ node: YAMLNode?, at path: NodePath) -> [ComposeMount] {
        guard let node else { return [] }
        if let text = node.string {
            return tmpfs(text, at: Origin(path: path, position: node.position)).map { [$0] } ?? []
        }
        return (node.list ?? []).enumerated().compactMap { index, item in
            item.string.flatMap { tmpfs($0, at: Origin(path: path.index(index), position: item.position)) }
        }
    }

    private func tmpfs(_ text: String, at origin: Origin) -> ComposeMount? {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        var mount = ComposeMount(origin: origin, kind: .tmpfs)
        mount.target = Optional(String(parts[0])).nonEmpty
        guard parts.count == 2 else { return MountRules.check(mount, log) ? mount : nil }
        var options = ComposeMount.TmpfsOptions()
        for option in parts[1].split(separator: ",").map(String.init) {
            let pair = option.split(separator: "=", maxSplits: 1).map(String.init)
            switch (pair[0], pair.count) {
            case ("size", 2) where ByteSize.bytes(pair[1]) != nil: options.size = ByteSize.bytes(pair[1])
            case ("mode", 2) where UInt32(pair[1], radix: 8) != nil: options.mode = UInt32(pair[1], radix: 8)
            case ("ro", 1): mount.isReadOnly = true
            case ("exec", 1): options.isExecutable = true
            case ("noexec", 1): options.isExecutable = false
            // What the engine does anyway.
            case ("rw", 1), ("nosuid", 1), ("nodev", 1): break
            default: log.warn("\(origin.path) is not wholly honoured: a Swarm cannot say '\(option)' of a tmpfs")
            }
        }
        mount.tmpfs = options
        return MountRules.check(mount, log) ? mount : nil
    }
}
