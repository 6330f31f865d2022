import DockerAPI
import RoadsteadBasics

extension AdoptionWriter {
    mutating func deploy(_ spec: ServiceSpec, _ service: String) -> ComposeMapping {
        var mapping = ComposeMapping()
        addMode(spec.mode, to: &mapping, service)
        if let mode = spec.endpointSpec?.mode.orNil, mode != "vip" { mapping.add("endpoint_mode", text: mode) }
        mapping.add("labels", texts: withoutOurs(spec.labels))
        mapping.add("update_config", spec.updateConfig.map(update))
        mapping.add("rollback_config", spec.rollbackConfig.map(update))
        mapping.add("resources", resources(spec.taskTemplate.resources, service))
        mapping.add("restart_policy", restart(spec.taskTemplate.restartPolicy))
        mapping.add("placement", placement(spec.taskTemplate.placement))
        return mapping
    }

    private mutating func addMode(_ mode: ServiceMode?, to mapping: inout ComposeMapping, _ service: String) {
        let name = mode.modeName
        if name != "replicated" { mapping.add("mode", text: name) }
        if let job = mode?.replicatedJob {
            let (concurrent, total) = (job.maxConcurrent ?? 1, job.totalCompletions ?? job.maxConcurrent ?? 1)
            if concurrent != total {
                notes.append(
                    "service \(service): a Compose file cannot say that \(concurrent) of \(total) run at a time")
            }
            mapping.add("replicas", .int(total))
        } else if let replicas = mode?.replicated?.replicas {
            mapping.add("replicas", .int(replicas))
        }
    }

    private func update(_ config: UpdateConfig) -> ComposeText {
        var mapping = ComposeMapping()
        mapping.add("parallelism", .int(config.parallelism))
        mapping.add("delay", nanoseconds: config.delay.nonZero)
        mapping.add("failure_action", text: config.failureAction)
        mapping.add("monitor", nanoseconds: config.monitor.nonZero)
        if let ratio = config.maxFailureRatio, ratio != 0 { mapping.add("max_failure_ratio", .number("\(ratio)")) }
        mapping.add("order", text: config.order)
        return mapping.text
    }

    private func restart(_ policy: RestartPolicy?) -> ComposeMapping {
        var mapping = ComposeMapping()
        mapping.add("condition", text: policy?.condition)
        mapping.add("delay", nanoseconds: policy?.delay)
        mapping.add("max_attempts", policy?.maxAttempts.nonZero.map { .int($0) })
        mapping.add("window", nanoseconds: policy?.window.nonZero)
        return mapping
    }

    private func placement(_ placement: Placement?) -> ComposeMapping {
        var mapping = ComposeMapping()
        mapping.add("constraints", texts: placement?.constraints)
        let preferences = (placement?.preferences ?? []).compactMap { $0.spread?.spreadDescriptor }
        mapping.add("preferences", preferences.isEmpty ? nil : .list(preferences.map { .map([("spread", .text($0))]) }))
        mapping.add("max_replicas_per_node", placement?.maxReplicas.nonZero.map { .int($0) })
        return mapping
    }

    private mutating func resources(_ resources: ResourceRequirements?, _ service: String) -> ComposeMapping {
        var (mapping, limits, reservations) = (ComposeMapping(), ComposeMapping(), ComposeMapping())
        Self.add(resources?.limits, to: &limits)
        limits.add("pids", resources?.limits?.pids.nonZero.map { .int($0) })
        Self.add(resources?.reservations, to: &reservations)
        let generic = resources?.reservations?.genericResources ?? []
        let discrete = generic.compactMap(\.discrete).map { resource -> ComposeText in
            .map([
                (
                    "discrete_resource_spec",
                    .map([("kind", .text(resource.kind ?? "")), ("value", .int(resource.value ?? 0))])
                )
            ])
        }
        if discrete.count < generic.count {
            notes.append("service \(service): a Compose file cannot say named generic resources")
        }
        reservations.add("generic_resources", discrete.isEmpty ? nil : .list(discrete))
        mapping.add("limits", limits)
        mapping.add("reservations", reservations)
        return mapping
    }

    private static func add(_ amounts: ResourceAmounts?, to mapping: inout ComposeMapping) {
        mapping.add("cpus", text: amounts?.nanoCPUs.nonZero.map(cpus))
        mapping.add("memory", text: amounts?.memoryBytes.nonZero.map(memory))
    }

    /// `0.25` of 250 000 000 billionths.
    private static func cpus(_ nano: Int64) -> String {
        let fraction = String(nano % 1_000_000_000)
        let digits = String(repeating: "0", count: 9 - fraction.utf8.count) + fraction
        var text = "\(nano / 1_000_000_000).\(digits)"
        while text.hasSuffix("0") { text.removeLast() }
        return text.hasSuffix(".") ? text + "0" : text
    }

    private static func memory(_ bytes: Int64) -> String {
        bytes % (1 << 20) == 0 ? "\(bytes >> 20)M" : "\(bytes)"
    }
}
