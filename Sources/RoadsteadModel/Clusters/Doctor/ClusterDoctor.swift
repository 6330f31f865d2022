import RoadsteadBasics

/// Judges what was found out about a cluster, and says what to do. Pure.
public struct ClusterDoctor: Sendable {
    let facts: DoctorFacts

    /// Below these, and over these, something is told.
    enum Limit {
        /// Certificates that end within a month are told.
        static let expiry = Duration.seconds(30 * 86_400)
        /// Milliseconds between a host's clock and ours. A Swarm's certificates count from an hour ago.
        static let clockWarning = 2_000
        static let clockFailure = 60_000
        /// Percent.
        static let roomWarning = 15
        static let roomFailure = 5
        static let memory = 10
        /// Bytes that could be had back.
        static let leftovers = 2_000_000_000
    }

    public static func examine(_ facts: DoctorFacts) -> [DoctorFinding] {
        let doctor = ClusterDoctor(facts: facts)
        let findings =
            doctor.ways() + doctor.hosts() + doctor.network() + doctor.swarm() + doctor.drift()
        let order = DoctorFinding.Check.allCases
        // Stable: machines stay in their order within a check.
        return order.flatMap { check in findings.filter { $0.check == check } }
    }

    /// The worst of them; what could not be found out is no fault.
    public static func verdict(of findings: [DoctorFinding]) -> DoctorFinding.Verdict {
        findings.map(\.verdict).max() ?? .unknown
    }

    // MARK: - One finding a machine, or one for all

    /// What a check says of one machine.
    struct Judgement {
        var verdict: DoctorFinding.Verdict
        var measured: String
        var advice: String?

        init(_ verdict: DoctorFinding.Verdict, _ measured: String, _ advice: String? = nil) {
            (self.verdict, self.measured, self.advice) = (verdict, measured, advice)
        }
    }

    /// A finding for each machine that is not well, or a single one when all are. `judge` gives nil for a machine that was
    /// not looked at.
    func each(
        _ check: DoctorFinding.Check, _ judge: (DoctorMachine) -> Judgement?
    ) -> [DoctorFinding] {
        let judged = facts.machines.compactMap { machine in judge(machine).map { (machine.name, $0) } }
        let bad = judged.filter { $0.1.verdict != .ok }
        guard bad.isEmpty else {
            return bad.map { name, judgement in
                DoctorFinding(
                    check, judgement.verdict, judgement.measured, of: name, advice: judgement.advice)
            }
        }
        guard let first = judged.first else {
            return [
                DoctorFinding(
                    check, .unknown, "no machine could be entered",
                    advice: "mend what `ssh` says, and look again")
            ]
        }
        let measured =
            judged.count == 1 ? first.1.measured : judged.map { "\($0.0) \($0.1.measured)" }.joined(separator: ", ")
        return [DoctorFinding(check, .ok, Self.cut(measured, count: judged.count))]
    }

    /// The same of the hosts that were looked at from inside.
    func eachHost(
        _ check: DoctorFinding.Check, _ judge: (DoctorMachine, DoctorHost) -> Judgement
    ) -> [DoctorFinding] {
        each(check) { machine in machine.host.value.map { judge(machine, $0) } }
    }

    private static func cut(_ text: String, count: Int) -> String {
        text.utf8.count <= 160 ? text : "all \(count) machines"
    }

    static func percent(_ room: DoctorHost.Room) -> String { "\(room.freePercent) % free" }

    /// `7.5 GB`
    static func size(_ bytes: Int) -> String {
        let units = ["B", "kB", "MB", "GB", "TB", "PB"]
        var (value, unit) = (Double(bytes), 0)
        while value >= 1000, unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
        guard unit > 0 else { return "\(bytes) B" }
        let tenths = Int((value * 10).rounded())
        return value >= 100 ? "\(Int(value.rounded())) \(units[unit])" : "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
