import RoadsteadBasics

/// What one check of a cluster has shown.
public struct DoctorFinding: Sendable, Hashable {
    /// From good to bad; what nobody could find out stands between.
    public enum Verdict: String, Sendable, Hashable, CaseIterable, Comparable {
        case ok, unknown, warning, failure

        public static func < (left: Verdict, right: Verdict) -> Bool { left.place < right.place }
        private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// In the order in which they are told.
    public enum Check: String, Sendable, Hashable, CaseIterable {
        case ssh, engine, certificate, clock, disk, inodes, memory, dns, kernel, logs, leftovers
        case ports, mtu, overlay
        case quorum, zones, autolock
        case swarmAuthority = "swarm-authority"
        case nodes
        case hostNames = "host-names"
        case machineIDs = "machine-ids"
        case versions, services, drift
    }

    public var check: Check
    /// Of a machine, a node or a service; nil for the cluster as a whole.
    public var subject: String?
    public var verdict: Verdict
    /// What was seen, in words.
    public var measured: String
    /// What to do; nil when all is well.
    public var advice: String?

    public init(
        _ check: Check, _ verdict: Verdict, _ measured: String, of subject: String? = nil, advice: String? = nil
    ) {
        (self.check, self.subject, self.verdict) = (check, subject, verdict)
        (self.measured, self.advice) = (measured, advice)
    }

    public var json: JSONValue {
        var json: JSONObject = [
            "check": .string(check.rawValue), "verdict": .string(verdict.rawValue), "measured": .string(measured),
        ]
        json["subject"] = subject.map(JSONValue.string)
        json["advice"] = advice.map(JSONValue.string)
        return .object(json)
    }
}
