/// The `deploy` part of a service. Durations in nanoseconds.
struct ComposeDeploy: Hashable, Sendable {
    var mode: Mode?
    var replicas: UInt64?
    /// `vip` or `dnsrr`.
    var endpointMode: String?
    var labels: [String: String] = [:]
    var updateConfig: ComposeUpdateConfig?
    var rollbackConfig: ComposeUpdateConfig?
    var limits: ComposeResources?
    var reservations: ComposeResources?
    var restartPolicy: ComposeRestartPolicy?
    var placement = ComposePlacement()

    enum Mode: String, Hashable, Sendable, CaseIterable {
        case replicated
        case global
        case replicatedJob = "replicated-job"
        case globalJob = "global-job"
    }
}

struct ComposeUpdateConfig: Hashable, Sendable {
    var parallelism: UInt64?
    var delay: Int64?
    var failureAction: String?
    var monitor: Int64?
    var maxFailureRatio: Double?
    var order: String?
}

struct ComposeResources: Hashable, Sendable {
    struct Generic: Hashable, Sendable {
        var kind: String
        var value: Int64
    }

    var nanoCPUs: Int64?
    /// Bytes.
    var memory: Int64?
    /// Limits only.
    var pids: Int64?
    /// Reservations only.
    var generic: [Generic] = []
}

struct ComposeRestartPolicy: Hashable, Sendable {
    var condition: String?
    var delay: Int64?
    var maxAttempts: UInt64?
    var window: Int64?
}

struct ComposePlacement: Hashable, Sendable {
    var constraints: [String] = []
    /// Descriptors to spread over, in order of weight.
    var preferences: [String] = []
    var maxReplicasPerNode: UInt64?
}
