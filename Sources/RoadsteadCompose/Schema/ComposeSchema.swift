/// The table of everything that a Compose file for a Swarm may hold: the keys of docker's schema 3.13, what becomes of
/// each on a Swarm, and a few of the newer specification that mean something there.
enum ComposeSchema {
    static let file = Shape.mapping(
        [
            "version": Key(.string),
            "services": Key(named(service)),
            "networks": Key(named(network)),
            "volumes": Key(named(volume)),
            "secrets": Key(named(secret)),
            "configs": Key(named(config)),
        ], others: .extensions)

    /// The versions that docker knows; the newest one is meant when there is none, or only "3".
    static func isKnown(version: String) -> Bool {
        version == "3" || version.isEmpty || (0...13).contains { version == "3.\($0)" }
    }

    static let newestVersion = "3.13"

    // MARK: - Common shapes

    static func named(_ shape: Shape) -> Shape { Shape(mapping: MappingShape(keys: [:], others: .named(shape))) }

    static let stringList = Shape.list(of: .string, isUnique: true)
    static let stringOrList = Shape.string.or(stringList)
    static let words = Shape.string.or(.list(of: .string))

    /// `{a: b}` or `[a=b]`; values may be numbers or nothing.
    static let mappingOrList = Shape.mapping(ofAny: Shape(scalars: [.string, .number, .null])).or(stringList)
    static let driverOptions = Shape.mapping(ofAny: Shape(scalars: [.string, .number]))

    // MARK: - Top level

    private static let external = Shape.boolean.or(.mapping(["name": Key(.string)]))

    static let network = Shape.mapping(
        [
            "name": Key(.string),
            "driver": Key(.string),
            "driver_opts": Key(driverOptions),
            "ipam": Key(
                .mapping([
                    "driver": Key(.string),
                    "config": Key(
                        .list(
                            of: .mapping([
                                "subnet": Key(.string), "gateway": Key(.string), "ip_range": Key(.string),
                            ]))),
                ])),
            "external": Key(external),
            "internal": Key(.boolean),
            "attachable": Key(.boolean),
            "labels": Key(mappingOrList),
        ], others: .extensions
    ).orNull

    static let volume = Shape.mapping(
        [
            "name": Key(.string),
            "driver": Key(.string),
            "driver_opts": Key(driverOptions),
            "external": Key(external),
            "labels": Key(mappingOrList),
            "x-cluster-spec": Key(.anything, .unheeded("cluster volumes are not supported")),
        ], others: .extensions
    ).orNull

    private static let fileObjectKeys: [String: Key] = [
        "name": Key(.string),
        "file": Key(.string),
        "external": Key(external),
        "labels": Key(mappingOrList),
        "template_driver": Key(.string),
    ]

    static let config = Shape.mapping(fileObjectKeys, others: .extensions)

    static let secret = Shape.mapping(
        fileObjectKeys.merging(["driver": Key(.string), "driver_opts": Key(driverOptions)]) { old, _ in old },
        others: .extensions)

    /// Keys of the Compose specification that stacks do not have: refused, with a better reason than "not known".
    static let unknownToSwarm: Set<String> = [
        "annotations", "attach", "blkio_config", "cgroup", "content", "cpu_count", "cpu_percent", "cpu_period",
        "cpu_rt_period", "cpu_rt_runtime", "cpus", "develop", "device_cgroup_rules", "dns_opt", "enable_ipv4",
        "enable_ipv6", "gpus", "group_add", "include", "label_file", "mem_reservation", "mem_swappiness", "models",
        "name", "oom_kill_disable", "pids_limit", "platform", "post_start", "pre_stop", "profiles", "provider",
        "pull_policy", "runtime", "scale", "storage_opt", "use_api_socket", "uts",
    ]
}
