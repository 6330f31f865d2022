extension ComposeDecoder {
    /// `security_opt`: `no-new-privileges`, `seccomp=…`, `apparmor=…`, `label=…`; `:` may stand for `=`, as with docker.
    func security(_ node: YAMLNode?, at path: NodePath) -> ComposeSecurity {
        var security = ComposeSecurity()
        for (index, item) in (node?.list ?? []).enumerated() {
            guard let text = item.string else { continue }
            let origin = Origin(path: path.index(index), position: item.position)
            let separator: Character = text.contains("=") ? "=" : ":"
            let parts = text.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false)
            let isKnown = apply(String(parts[0]), parts.count == 2 ? String(parts[1]) : nil, to: &security, at: origin)
            guard !isKnown else { continue }
            log.warn("\(origin.path) is ignored: a Swarm cannot say '\(text)'")
        }
        return security
    }

    /// Whether a Swarm can do it.
    private func apply(
        _ name: String, _ value: String?, to security: inout ComposeSecurity, at origin: Origin
    ) -> Bool {
        switch (name, value) {
        case ("no-new-privileges", nil), ("no-new-privileges", "true"): security.forbidsNewPrivileges = true
        case ("no-new-privileges", "false"): security.forbidsNewPrivileges = false
        case ("seccomp", "unconfined"): security.seccomp = .unconfined
        case ("seccomp", "builtin"): security.seccomp = .builtin
        case ("seccomp", let path?): security.seccomp = profile(path, at: origin)
        case ("apparmor", "unconfined"): security.isAppArmorDisabled = true
        case ("apparmor", "docker-default"): security.isAppArmorDisabled = false
        case ("label", let label?): return apply(label, to: &security.labels)
        default: return false
        }
        return true
    }

    private func apply(_ label: String, to labels: inout ComposeSecurity.Labels) -> Bool {
        let parts = label.split(separator: ":", maxSplits: 1).map(String.init)
        switch (parts.first, parts.count) {
        case ("disable", 1): labels.isDisabled = true
        case ("user", 2): labels.user = parts[1]
        case ("role", 2): labels.role = parts[1]
        case ("type", 2): labels.type = parts[1]
        case ("level", 2): labels.level = parts[1]
        default: return false
        }
        return true
    }

    private func profile(_ name: String, at origin: Origin) -> ComposeSecurity.Seccomp? {
        do {
            let bytes = try context.reader.read(FilePath.absolute(name, from: context.directory))
            try budget.spend(bytes.count)
            return .profile(bytes)
        } catch {
            log.add("\(error)", at: origin, hint: "name a seccomp profile beside the Compose file, or unconfined")
            return nil
        }
    }
}
