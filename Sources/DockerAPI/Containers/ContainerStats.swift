import RoadsteadBasics

/// One line of `GET /containers/{id}/stats`. Counters only grow; percentages come from two of them.
public struct ContainerStats: Codable, Hashable, Sendable {
    public struct CPU: Codable, Hashable, Sendable {
        public struct Usage: Codable, Hashable, Sendable {
            /// Nanoseconds of processor time.
            public var total: UInt64?

            enum CodingKeys: String, CodingKey { case total = "total_usage" }
        }

        public var usage: Usage?
        /// Nanoseconds of all processors together.
        public var system: UInt64?
        public var online: Int?

        enum CodingKeys: String, CodingKey {
            case usage = "cpu_usage"
            case system = "system_cpu_usage"
            case online = "online_cpus"
        }
    }

    public struct Memory: Codable, Hashable, Sendable {
        public struct Details: Codable, Hashable, Sendable {
            /// Page cache that can be taken back: `total_inactive_file` on cgroup v1, `inactive_file` on v2.
            public var inactiveFile: UInt64?
            public var totalInactiveFile: UInt64?

            enum CodingKeys: String, CodingKey {
                case inactiveFile = "inactive_file"
                case totalInactiveFile = "total_inactive_file"
            }
        }

        public var usage: UInt64?
        public var limit: UInt64?
        public var stats: Details?
    }

    public struct Network: Codable, Hashable, Sendable {
        public var received: UInt64?
        public var sent: UInt64?

        enum CodingKeys: String, CodingKey {
            case received = "rx_bytes"
            case sent = "tx_bytes"
        }
    }

    public var read: Instant?
    public var cpu: CPU?
    /// As it was a second before; empty in the first line.
    public var previousCPU: CPU?
    public var memory: Memory?
    /// By interface.
    public var networks: [String: Network]?

    enum CodingKeys: String, CodingKey {
        case read
        case cpu = "cpu_stats"
        case previousCPU = "precpu_stats"
        case memory = "memory_stats"
        case networks
    }
}

extension ContainerStats {
    /// Percent of one processor, as `docker stats` shows it; nil until there are two readings.
    public var cpuPercent: Double? {
        guard let total = cpu?.usage?.total, let before = previousCPU?.usage?.total, total >= before,
            let system = cpu?.system, let systemBefore = previousCPU?.system, system > systemBefore
        else { return nil }
        return Double(total - before) / Double(system - systemBefore) * Double(max(1, cpu?.online ?? 1)) * 100
    }

    /// Bytes without the page cache that can be taken back.
    public var memoryUsed: UInt64? {
        guard let usage = memory?.usage else { return nil }
        let cache = memory?.stats?.totalInactiveFile ?? memory?.stats?.inactiveFile ?? 0
        return usage > cache ? usage - cache : usage
    }

    public var bytesReceived: UInt64 { (networks ?? [:]).values.reduce(0) { $0 &+ ($1.received ?? 0) } }
    public var bytesSent: UInt64 { (networks ?? [:]).values.reduce(0) { $0 &+ ($1.sent ?? 0) } }
}
