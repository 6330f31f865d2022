import DockerAPI
import RoadsteadBasics

/// What Compose says beside `deploy`: swap and privileges.
extension AdoptionWriter {
    func addSwap(_ resources: ResourceRequirements?, to mapping: inout ComposeMapping) {
        if let swap = resources?.swapBytes, let memory = resources?.limits?.memoryBytes.nonZero {
            mapping.add("memswap_limit", swap < 0 ? .number("-1") : .text(String(memory + swap)))
        }
        mapping.add("mem_swappiness", resources?.memorySwappiness.map { .int($0) })
    }

    mutating func addPrivileges(_ privileges: Privileges?, to mapping: inout ComposeMapping, _ key: String) {
        var options: [String] = []
        if privileges?.noNewPrivileges == true { options.append("no-new-privileges=true") }
        if privileges?.appArmor?.mode == "disabled" { options.append("apparmor=unconfined") }
        switch privileges?.seccomp?.mode {
        case "unconfined": options.append("seccomp=unconfined")
        case "custom":
            let path = "seccomp/\(key).json"
            files[path] = privileges?.seccomp?.profile
            options.append("seccomp=./" + path)
        default: break
        }
        if let labels = privileges?.seLinuxContext {
            if labels.disable == true { options.append("label=disable") }
            let texts = [("user", labels.user), ("role", labels.role), ("type", labels.type), ("level", labels.level)]
            options += texts.compactMap { name, text in text.orNil.map { "label=\(name):\($0)" } }
        }
        mapping.add("security_opt", texts: options)
    }

    /// A tmpfs with a mode, which only the short form hands on.
    func tmpfs(_ mounts: [Mount]) -> [String] {
        mounts.filter(\.isShortTmpfs).map { mount in
            var options: [String] = []
            if let size = mount.tmpfsOptions?.sizeBytes.nonZero { options.append("size=\(size)") }
            if let mode = mount.tmpfsOptions?.mode.nonZero { options.append("mode=" + String(mode, radix: 8)) }
            if mount.tmpfsOptions?.options?.contains(["exec"]) == true { options.append("exec") }
            if mount.readOnly == true { options.append("ro") }
            return (mount.target ?? "") + ":" + options.joined(separator: ",")
        }
    }
}

extension Mount {
    var isShortTmpfs: Bool {
        type == "tmpfs" && (tmpfsOptions?.mode.nonZero != nil || tmpfsOptions?.options.orNil != nil)
    }
}
