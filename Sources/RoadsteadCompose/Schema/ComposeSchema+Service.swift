extension ComposeSchema {
    static let service = Shape.mapping(
        honouredServiceKeys.merging(ignoredServiceKeys) { old, _ in old }
            .merging(forbiddenServiceKeys) { old, _ in old },
        others: .extensions)

    private static let honouredServiceKeys: [String: Key] = [
        "cap_add": Key(stringList),
        "cap_drop": Key(stringList),
        "command": Key(words),
        "configs": Key(fileReferences),
        "credential_spec": Key(
            .mapping(["config": Key(.string), "file": Key(.string), "registry": Key(.string)])),
        "deploy": Key(deploy),
        "dns": Key(stringOrList),
        "dns_search": Key(stringOrList),
        "entrypoint": Key(words),
        "env_file": Key(stringOrList),
        "environment": Key(mappingOrList),
        "extra_hosts": Key(mappingOrList),
        "healthcheck": Key(healthcheck),
        "hostname": Key(.string),
        "image": Key(.string),
        "init": Key(.boolean),
        "isolation": Key(.string),
        "labels": Key(mappingOrList),
        "logging": Key(
            .mapping([
                "driver": Key(.string),
                "options": Key(.mapping(ofAny: Shape(scalars: [.string, .number, .null]))),
            ])),
        "networks": Key(serviceNetworks),
        "oom_score_adj": Key(.integer),
        "ports": Key(ports),
        "read_only": Key(.boolean),
        "restart": Key(.string),
        "secrets": Key(fileReferences),
        "stdin_open": Key(.boolean),
        "stop_grace_period": Key(.duration),
        "stop_signal": Key(.string),
        "sysctls": Key(mappingOrList),
        "tty": Key(.boolean),
        "ulimits": Key(.mapping(ofAny: ulimit)),
        "user": Key(.string),
        "volumes": Key(mounts),
        "working_dir": Key(.string),
    ]

    private static let ignoredServiceKeys: [String: Key] = [
        "build": Key(Shape.string.or(.mapping(ofAny: .anything)), .unsupported),
        "cgroup_parent": Key(.string, .unsupported),
        "cgroupns_mode": Key(.string, .unsupported),
        "container_name": Key(.string, .deprecated("Setting the container name is not supported.")),
        "depends_on": Key(stringList, .unheeded("a Swarm starts the services of a stack in no particular order")),
        "devices": Key(stringList, .unsupported),
        "domainname": Key(.string, .unsupported),
        "expose": Key(
            .list(of: Shape(scalars: [.string, .number]), isUnique: true),
            .deprecated(
                "Exposing ports is unnecessary - services on the same network can access each other's containers "
                    + "on any port.")),
        "external_links": Key(stringList, .unsupported),
        "ipc": Key(.string, .unsupported),
        "links": Key(stringList, .unsupported),
        "mac_address": Key(.string, .unsupported),
        "network_mode": Key(.string, .unsupported),
        "pid": Key(Shape.string.orNull, .unsupported),
        "privileged": Key(.boolean, .unsupported),
        "security_opt": Key(stringList, .unsupported),
        "shm_size": Key(Shape(scalars: [.string, .number]), .unsupported),
        "tmpfs": Key(stringOrList, .unheeded("mount it with a volume of type tmpfs")),
        "userns_mode": Key(.string, .unsupported),
    ]

    private static let forbiddenServiceKeys: [String: Key] = {
        let useResources = "set resource limits by deploy.resources"
        return [
            "cpu_quota": Key(.anything, .forbidden(useResources)),
            "cpu_shares": Key(.anything, .forbidden(useResources)),
            "cpuset": Key(.anything, .forbidden(useResources)),
            "extends": Key(.anything, .forbidden("use YAML anchors, or several files")),
            "mem_limit": Key(.anything, .forbidden(useResources)),
            "memswap_limit": Key(.anything, .forbidden(useResources)),
            "volume_driver": Key(.anything, .forbidden("name the driver in the top-level volumes")),
            "volumes_from": Key(
                .anything, .forbidden("define the volume in the top-level volumes and mount it in each service")),
        ]
    }()

    private static let fileReferences = Shape.list(
        of: Shape.string.or(
            .mapping([
                "source": Key(.string), "target": Key(.string), "uid": Key(.string), "gid": Key(.string),
                "mode": Key(.integer),
            ])))

    static let healthcheck = Shape.mapping([
        "disable": Key(.boolean),
        "interval": Key(.duration),
        "retries": Key(.integer),
        "test": Key(words),
        "timeout": Key(.duration),
        "start_period": Key(.duration),
        "start_interval": Key(.duration),
    ])

    private static let ulimit = Shape.integer.or(
        Shape(
            mapping: MappingShape(
                keys: ["hard": Key(.integer), "soft": Key(.integer)], others: .refused, required: ["soft", "hard"])))

    private static let serviceNetworks = stringList.or(
        named(
            Shape.mapping([
                "aliases": Key(stringList),
                "driver_opts": Key(driverOptions),
                "ipv4_address": Key(.string, .unheeded("a Swarm chooses the addresses of tasks")),
                "ipv6_address": Key(.string, .unheeded("a Swarm chooses the addresses of tasks")),
            ]).orNull))

    private static let ports = Shape.list(
        of: Shape(scalars: [.string, .number], format: .port).or(
            .mapping([
                "mode": Key(.choice("ingress", "host")),
                "target": Key(.integer),
                "published": Key(.integer),
                "protocol": Key(.choice("tcp", "udp", "sctp")),
            ])), isUnique: true)

    private static let mounts = Shape.list(
        of: Shape.string.or(
            Shape(
                mapping: MappingShape(
                    keys: [
                        "type": Key(.string),
                        "source": Key(.string),
                        "target": Key(.string),
                        "read_only": Key(.boolean),
                        "consistency": Key(.string),
                        "bind": Key(
                            .mapping([
                                "propagation": Key(.string),
                                "create_host_path": Key(
                                    .boolean, .unheeded("create the directory on every node that may run a task")),
                                "selinux": Key(.string, .unheeded("a Swarm does not relabel host directories")),
                            ])),
                        "volume": Key(.mapping(["nocopy": Key(.boolean), "subpath": Key(.string)])),
                        "tmpfs": Key(
                            .mapping([
                                "size": Key(.integer),
                                "mode": Key(.integer, .unheeded("docker does not hand it on to the Swarm")),
                            ])),
                    ], others: .refused, required: ["type"]))))
}
