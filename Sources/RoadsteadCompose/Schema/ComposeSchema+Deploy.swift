extension ComposeSchema {
    static let deploy = Shape.mapping([
        "mode": Key(.string),
        "endpoint_mode": Key(.string),
        "replicas": Key(.integer),
        "labels": Key(mappingOrList),
        "rollback_config": Key(updateConfig),
        "update_config": Key(updateConfig),
        "resources": Key(resources),
        "restart_policy": Key(
            .mapping([
                "condition": Key(.string),
                "delay": Key(.duration),
                "max_attempts": Key(.integer),
                "window": Key(.duration),
            ])),
        "placement": Key(
            .mapping([
                "constraints": Key(.list(of: .string)),
                "preferences": Key(.list(of: .mapping(["spread": Key(.string)]))),
                "max_replicas_per_node": Key(.integer),
            ])),
    ]).orNull

    private static let updateConfig = Shape.mapping([
        "parallelism": Key(.integer),
        "delay": Key(.duration),
        "failure_action": Key(.string),
        "monitor": Key(.duration),
        "max_failure_ratio": Key(.number),
        "order": Key(.choice("start-first", "stop-first")),
    ])

    private static let resources = Shape.mapping([
        "limits": Key(
            .mapping(["cpus": Key(.string), "memory": Key(.string), "pids": Key(.integer)])),
        "reservations": Key(
            .mapping([
                "cpus": Key(.string),
                "memory": Key(.string),
                "generic_resources": Key(
                    .list(
                        of: .mapping([
                            "discrete_resource_spec": Key(
                                .mapping(["kind": Key(.string), "value": Key(.number)]))
                        ]))),
            ])),
    ])
}
