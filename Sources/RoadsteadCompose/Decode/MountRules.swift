/// Which attributes go with which kind of mount.
enum MountRules {
    /// Whether the mount makes sense; reports it when not.
    static func check(_ mount: ComposeMount, _ log: ProblemLog) -> Bool {
        guard let problem = problem(mount) else { return true }
        log.add(problem, at: mount.origin)
        return false
    }

    private static func problem(_ mount: ComposeMount) -> String? {
        if mount.target == nil { return "has no target: say where it goes in the container" }
        switch mount.kind {
        case .volume: break
        case .tmpfs: if mount.source != nil { return "invalid tmpfs source, source must be empty" }
        case .bind, .npipe:
            if mount.source == nil { return "invalid \(mount.kind.rawValue) source, source cannot be empty" }
        }
        let options: [(name: String, isPresent: Bool, kinds: [ComposeMount.Kind])] = [
            ("volume", mount.volume != nil, [.volume]),
            ("bind", mount.bind != nil, [.bind, .npipe]),
            ("tmpfs", mount.tmpfs != nil, [.tmpfs]),
        ]
        return options.first { $0.isPresent && !$0.kinds.contains(mount.kind) }
            .map { "\($0.name) options are incompatible with type \(mount.kind.rawValue)" }
    }
}
