extension ComposeSchema {
    static let service = Shape.mapping(
        containerKeys.merging(attachmentKeys) { old, _ in old }.merging(unsupportedKeys) { old, _ in old })

    private static let containerKeys: [String: Shape] = [
        "cap_add": stringList,
        "cap_drop": stringList,
        "command": words,
        "cpus": textOrNumber,
        "credential_spec": .mapping(["config": .string, "file": .string, "registry": .string]),
        "dns": stringOrList,
        "dns_opt": stringList,
        "dns_search": stringOrList,
        "entrypoint": words,
        "env_file": envFile,
        "environment": mappingOrList,
        "extra_hosts": extraHosts,
        "group_add": .list(of: textOrNumber, isUnique: true),
        "healthcheck": healthcheck,
        "hostname": .string,
        "image": .string,
        "init": .boolean,
        "isolation": .string,
        "label_file": stringOrList,
        "labels": mappingOrList,
        "logging": .mapping([
            "driver": .string, "options": .mapping(ofAny: Shape(scalars: [.string, .number, .null])),
        ]),
        "mem_limit": textOrNumber,
        "mem_reservation": textOrNumber,
        "mem_swappiness": .integer,
        "memswap_limit": textOrNumber,
        "oom_score_adj": .integer,
        "pids_limit": .integer,
        "platform": .string,
        "read_only": .boolean,
        "restart": .string,
        "security_opt": stringList,
        "stdin_open": .boolean,
        "stop_grace_period": .duration,
        "stop_signal": .string,
        "sysctls": mappingOrList,
        "tty": .boolean,
        "ulimits": .mapping(ofAny: ulimit),
        "user": .string,
        "working_dir": .string,
    ]

    private static let attachmentKeys: [String: Shape] = [
        "build": build,
        "configs": fileReferences,
        "depends_on": dependencies,
        "deploy": deploy,
        "extends": Shape.string.or(requiring(["service": .string, "file": .string], "service")),
        "networks": serviceNetworks,
        "ports": ports,
        "profiles": stringList,
        "scale": .integer,
        "secrets": fileReferences,
        "tmpfs": stringOrList,
        "volumes": mounts,
    ]

    /// Those of the specification that a Swarm cannot honour: what becomes of them stands in `UnsupportedKey.all`.
    private static let unsupportedKeys: [String: Shape] = {
        let typed: [String: Shape] = [
            "attach": .boolean, "cgroup": .choice("host", "private"), "cgroup_parent": .string,
            "cgroupns_mode": .string, "container_name": .string, "devices": .anything,
            "device_cgroup_rules": stringList, "domainname": .string, "expose": .list(of: textOrNumber, isUnique: true),
            "external_links": stringList, "ipc": .string, "links": stringList, "mac_address": .string,
            "network_mode": .string, "oom_kill_disable": .boolean,
            "pid": Shape.string.orNull, "privileged": .boolean, "pull_policy": .string, "runtime": .string,
            "shm_size": textOrNumber, "use_api_socket": .boolean,
            "userns_mode": .string, "uts": .string, "annotations": mappingOrList,
        ]
        let untyped = [
            "blkio_config", "cpu_count", "cpu_percent", "cpu_period", "cpu_quota", "cpu_rt_period", "cpu_rt_runtime",
            "cpu_shares", "cpuset", "develop", "gpus", "models", "post_start", "pre_start", "pre_stop", "provider",
            "pull_refresh_after", "storage_opt", "volume_driver", "volumes_from",
        ]
        return typed.merging(untyped.map { ($0, .anything) }) { old, _ in old }
    }()

    // MARK: - Parts

    private static let envFile = Shape.string.or(
        .list(
            of: Shape.string.or(
                requiring(["path": .string, "required": .boolean, "format": .choice("raw")], "path"))))

    private static let extraHosts = Shape.mapping(ofAny: Shape.string.orNull.or(.list(of: .string))).or(stringList)

    private static let dependencies = stringList.or(
        .mapping(
            ofAny: requiring(
                [
                    "condition": .choice(ServiceDependency.Condition.allCases.map(\.rawValue)),
                    "restart": .boolean, "required": .boolean,
                ], "condition")))

    private static let fileReferences = Shape.list(
        of: Shape.string.or(
            .mapping(["source": .string, "target": .string, "uid": .string, "gid": .string, "mode": .integer])))

    static let healthcheck = Shape.mapping([
        "disable": .boolean,
        "interval": .duration,
        "retries": .integer,
        "test": Shape.string.or(.list(of: .string)),
        "timeout": .duration,
        "start_period": .duration,
        "start_interval": .duration,
    ])

    static let ulimit = Shape.integer.or(requiring(["hard": .integer, "soft": .integer], "soft", "hard"))

    private static let serviceNetworks = stringList.or(
        named(
            Shape.mapping([
                "aliases": stringList,
                "driver_opts": driverOptions,
                "gw_priority": .number,
                "interface_name": .string,
                "ipv4_address": .string,
                "ipv6_address": .string,
                "link_local_ips": stringList,
                "mac_address": .string,
                "priority": .number,
            ]).orNull))
}
