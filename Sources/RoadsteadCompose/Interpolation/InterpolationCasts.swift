/// Where a text that came out of interpolation becomes a number or boolean, because the place wants one.
///
/// docker's list, and a few places that it left out. `*` stands for any key, `[]` for any index.
enum InterpolationCasts {
    enum Cast: Sendable { case integer, number, boolean }

    private static let patterns: [[String]: Cast] = {
        var patterns: [[String]: Cast] = [:]
        func add(_ cast: Cast, _ paths: String...) {
            for path in paths { patterns[path.split(separator: ".").map(String.init)] = cast }
        }
        add(
            .integer, "services.*.configs.[].mode", "services.*.secrets.[].mode", "services.*.healthcheck.retries",
            "services.*.deploy.replicas", "services.*.deploy.update_config.parallelism",
            "services.*.deploy.rollback_config.parallelism", "services.*.deploy.restart_policy.max_attempts",
            "services.*.deploy.placement.max_replicas_per_node", "services.*.ports.[].target",
            "services.*.ports.[].published", "services.*.ulimits.*", "services.*.ulimits.*.hard",
            "services.*.ulimits.*.soft", "services.*.oom_score_adj", "services.*.deploy.resources.limits.pids",
            "services.*.volumes.[].tmpfs.size",
            "services.*.deploy.resources.reservations.generic_resources.[].discrete_resource_spec.value")
        add(
            .number, "services.*.deploy.update_config.max_failure_ratio",
            "services.*.deploy.rollback_config.max_failure_ratio")
        add(
            .boolean, "services.*.healthcheck.disable", "services.*.privileged", "services.*.read_only",
            "services.*.stdin_open", "services.*.tty", "services.*.init", "services.*.volumes.[].read_only",
            "services.*.volumes.[].volume.nocopy", "networks.*.external", "networks.*.internal",
            "networks.*.attachable", "volumes.*.external", "secrets.*.external", "configs.*.external")
        return patterns
    }()

    /// The cast for a place, if there is one. Services may be named like any part of a pattern, so every pattern of the
    /// place's length is compared part by part.
    static func cast(for path: NodePath) -> Cast? {
        patterns.first { pattern, _ in
            pattern.count == path.components.count && zip(pattern, path.components).allSatisfy(matches)
        }?.value
    }

    private static func matches(_ part: String, _ component: NodePath.Component) -> Bool {
        switch component {
        case .key(let name): part == "*" || part == name
        case .index: part == "[]"
        }
    }

    /// nil when the text is not of that kind.
    static func apply(_ cast: Cast, to text: String) -> YAMLNode.Value? {
        switch cast {
        case .integer: Int64(text).map(YAMLNode.Value.integer)
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
