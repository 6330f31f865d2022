extension ComposeSchema {
    static let deploy = Shape.mapping([
        "mode": .string,
        "endpoint_mode": .string,
        "replicas": .integer,
        "labels": mappingOrList,
        "rollback_config": updateConfig,
        "update_config": updateConfig,
        "resources": resources,
        "restart_policy": .mapping([
            "condition": .string,
            "delay": .duration,
            "max_attempts": .integer,
            "window": .duration,
        ]),
        "placement": .mapping([
            "constraints": .list(of: .string),
            "preferences": .list(of: .mapping(["spread": .string])),
            "max_replicas_per_node": .integer,
        ]),
    ]).orNull

    private static let updateConfig = Shape.mapping([
        "parallelism": .integer,
        "delay": .duration,
        "failure_action": .string,
        "monitor": .duration,
        "max_failure_ratio": .number,
        "order": .choice("start-first", "stop-first"),
    ])

    private static let resources = Shape.mapping([
        "limits": .mapping(["cpus": textOrNumber, "memory": .string, "pids": .integer]),
        "reservations": .mapping([
            "cpus": textOrNumber,
            "memory": .string,
            "generic_resources": .list(
                of: .mapping([
                    "discrete_resource_spec": .mapping(["kind": .string, "value": .number])
                ])),
            "devices": .anything,
        ]),
    ])
}
