/// Where a text becomes a number or boolean, because the place wants one: a text that came out of interpolation, or one that
/// was written in quotes. `*` stands for any key, `[]` for any index.
enum InterpolationCasts {
    enum Cast: Sendable {
        case integer, number, boolean
        /// With a zero in front it is octal.
        case mode
    }

    static let tree = PathTree(patterns)

    private static let patterns: [(pattern: String, value: Cast)] =
        make(.mode, ["services.*.configs.[].mode", "services.*.secrets.[].mode"])
        + make(
            .integer,
            [
                "services.*.deploy.placement.max_replicas_per_node", "services.*.deploy.replicas",
                "services.*.deploy.resources.limits.pids",
                "services.*.deploy.restart_policy.max_attempts", "services.*.deploy.rollback_config.parallelism",
                "services.*.deploy.update_config.parallelism", "services.*.healthcheck.retries",
                "services.*.mem_swappiness", "services.*.oom_score_adj", "services.*.pids_limit",
                "services.*.ports.[].published", "services.*.ports.[].target", "services.*.scale",
                "services.*.ulimits.*", "services.*.ulimits.*.hard", "services.*.ulimits.*.soft",
                "services.*.build.ulimits.*",
                "services.*.build.ulimits.*.hard", "services.*.build.ulimits.*.soft",
                "services.*.deploy.resources.reservations.generic_resources.[].discrete_resource_spec.value",
            ])
        + make(.mode, ["services.*.volumes.[].tmpfs.mode"])
        + make(
            .number,
            [
                "services.*.deploy.rollback_config.max_failure_ratio",
                "services.*.deploy.update_config.max_failure_ratio",
            ])
        + make(
            .boolean,
            [
                "configs.*.external", "networks.*.attachable", "networks.*.enable_ipv4", "networks.*.enable_ipv6",
                "networks.*.external", "networks.*.internal", "secrets.*.external", "services.*.attach",
                "services.*.build.no_cache", "services.*.build.privileged", "services.*.build.pull",
                "services.*.depends_on.*.required", "services.*.depends_on.*.restart",
                "services.*.env_file.[].required", "services.*.healthcheck.disable", "services.*.init",
                "services.*.oom_kill_disable", "services.*.privileged", "services.*.read_only",
                "services.*.stdin_open", "services.*.tty", "services.*.use_api_socket",
                "services.*.volumes.[].bind.create_host_path", "services.*.volumes.[].read_only",
                "services.*.volumes.[].volume.nocopy", "volumes.*.external",
            ])

    private static func make(_ cast: Cast, _ paths: [String]) -> [(pattern: String, value: Cast)] {
        paths.map { ($0, cast) }
    }

    /// nil when the text is not of that kind.
    static func apply(_ cast: Cast, to text: String) -> YAMLNode.Value? {
        switch cast {
        case .integer: Int64(text).map(YAMLNode.Value.integer)
        case .mode: Int64(text, radix: text.hasPrefix("0") ? 8 : 10).map(YAMLNode.Value.integer)
        case .number: Double(text).map { .number($0, text: GoNumber.text($0)) }
        case .boolean: boolean(text).map(YAMLNode.Value.bool)
        }
    }

    private static func boolean(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "y", "yes", "true", "on": true
        case "n", "no", "false", "off": false
        default: nil
        }
    }
}
