extension ComposeSchema {
    static let ports = Shape.list(
        of: Shape(scalars: [.string, .number], format: .port).or(
            .mapping([
                "mode": .choice("ingress", "host"),
                "target": .integer,
                "published": Shape(scalars: [.string, .integer], format: .publishedPort),
                "protocol": .choice("tcp", "udp", "sctp"),
                "host_ip": .string,
                "name": .string,
                "app_protocol": .string,
            ])), isUnique: true)

    static let mounts = Shape.list(
        of: Shape.string.or(
            requiring(
                [
                    "type": .string,
                    "source": .string,
                    "target": .string,
                    "read_only": .boolean,
                    "consistency": .string,
                    "bind": .mapping([
                        "propagation": .string, "create_host_path": .boolean, "selinux": .string,
                        "recursive": .choice("enabled", "disabled", "writable", "readonly"),
                    ]),
                    "volume": .mapping(["nocopy": .boolean, "subpath": .string, "labels": mappingOrList]),
                    "tmpfs": .mapping(["size": Shape(scalars: [.integer, .string], format: .size), "mode": .integer]),
                    "image": .mapping(["subpath": .string]),
                ], "type")))

    static let build = Shape.string.or(
        .mapping([
            "additional_contexts": mappingOrList,
            "args": mappingOrList,
            "cache_from": .list(of: .string),
            "cache_to": .list(of: .string),
            "context": .string,
            "dockerfile": .string,
            "dockerfile_inline": .string,
            "entitlements": .list(of: .string),
            "extra_hosts": Shape.mapping(ofAny: Shape.string.or(.list(of: .string))).or(stringList),
            "isolation": .string,
            "labels": mappingOrList,
            "network": .string,
            "no_cache": .boolean,
            "no_cache_filter": stringOrList,
            "platforms": .list(of: .string),
            "privileged": .boolean,
            "provenance": Shape(scalars: [.string, .boolean]),
            "pull": .boolean,
            "sbom": Shape(scalars: [.string, .boolean]),
            "secrets": .list(of: Shape.string.or(.mapping(ofAny: .anything))),
            "shm_size": textOrNumber,
            "ssh": mappingOrList,
            "tags": .list(of: .string),
            "target": .string,
            "ulimits": .mapping(ofAny: ulimit),
        ]))
}
