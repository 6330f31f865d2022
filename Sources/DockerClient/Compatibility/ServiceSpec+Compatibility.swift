import DockerAPI

/// A spec as one API version can express it.
public struct AdaptedServiceSpec: Sendable, Hashable {
    public var spec: ServiceSpec
    /// What was left out, for people.
    public var warnings: [String]
    /// What cannot be left out without harm: the service must not be made.
    public var refusals: [String]
}

extension ServiceSpec {
    /// This spec as an engine of API `version` understands it.
    ///
    /// Engines ignore members that they do not know, in silence. Here a tuning that is ignored (start interval of a
    /// health check, OOM score, privileges, swap) is left out with a warning; one that would mean something else (a mount of a whole
    /// volume instead of a part of it) is refused. Plans compare against the adapted spec, so that what an engine cannot
    /// keep is not found different for ever. Versions after the Engine API's version history.
    public func adapted(to version: APIVersion) -> AdaptedServiceSpec {
        var adapted = AdaptedServiceSpec(spec: self, warnings: [], refusals: [])
        let name = name ?? ""
        func text(_ what: String, _ needed: APIVersion) -> String {
            "service '\(name)': \(what) needs Engine API \(needed), this engine speaks \(version)"
        }
        if version < APIVersion(1, 44), adapted.spec.taskTemplate.containerSpec?.healthcheck?.startInterval ?? 0 != 0 {
            adapted.spec.taskTemplate.containerSpec?.healthcheck?.startInterval = nil
            adapted.warnings.append(text("the health check's start interval", APIVersion(1, 44)) + ": left out")
        }
        if version < APIVersion(1, 46), adapted.spec.taskTemplate.containerSpec?.oomScoreAdj ?? 0 != 0 {
            adapted.spec.taskTemplate.containerSpec?.oomScoreAdj = nil
            adapted.warnings.append(text("oom_score_adj", APIVersion(1, 46)) + ": left out")
        }
        if version < APIVersion(1, 44), let privileges = taskTemplate.containerSpec?.privileges {
            let found = privileges.newerMembers
            adapted.spec.taskTemplate.containerSpec?.privileges = privileges.withoutNewerMembers
            adapted.warnings += found.map { text($0, APIVersion(1, 44)) + ": left out" }
        }
        if version < APIVersion(1, 46) {
            for (index, mount) in (taskTemplate.containerSpec?.mounts ?? []).enumerated()
            where mount.tmpfsOptions?.options?.isEmpty == false {
                adapted.spec.taskTemplate.containerSpec?.mounts?[index].tmpfsOptions?.options = nil
                let what = "mount '\(mount.target ?? "")': exec of a tmpfs"
                adapted.warnings.append(text(what, APIVersion(1, 46)) + ": left out")
            }
        }
        if version < APIVersion(1, 52), let resources = taskTemplate.resources {
            adapted.spec.taskTemplate.resources?.swapBytes = nil
            adapted.spec.taskTemplate.resources?.memorySwappiness = nil
            let found = [("memswap_limit", resources.swapBytes), ("mem_swappiness", resources.memorySwappiness)]
            adapted.warnings += found.filter { $0.1 != nil }.map { text($0.0, APIVersion(1, 52)) + ": left out" }
        }
        for mount in taskTemplate.containerSpec?.mounts ?? [] {
            guard let (what, needed) = mount.newestNeed, version < needed else { continue }
            adapted.refusals.append(text(what, needed))
        }
        return adapted
    }
}

extension Privileges {
    /// What API 1.44 brought, as Compose files call it.
    fileprivate var newerMembers: [String] {
        [
            ("seccomp", seccomp != nil), ("apparmor", appArmor != nil), ("no-new-privileges", noNewPrivileges == true),
        ].filter(\.1).map { "security_opt \($0.0)" }
    }

    fileprivate var withoutNewerMembers: Privileges {
        Privileges(credentialSpec: credentialSpec, seLinuxContext: seLinuxContext)
    }
}

extension Mount {
    /// The member that asks for the newest API, and which one.
    fileprivate var newestNeed: (String, APIVersion)? {
        let place = "mount '\(target ?? "")': "
        if volumeOptions?.subpath?.isEmpty == false { return (place + "the volume's subpath", APIVersion(1, 45)) }
        if type == "cluster" { return (place + "type 'cluster'", APIVersion(1, 42)) }
        return nil
    }
}
