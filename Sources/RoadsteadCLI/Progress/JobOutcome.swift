import RoadsteadBasics
import RoadsteadClient

/// What the end of a job means: the lines that say it, and the exit status.
struct JobOutcome: Sendable {
    var status: CommandStatus
    /// For standard error when the status is not success.
    var lines: [String]

    /// `job` must be final.
    static func make(_ job: JSONObject, title: String, style: Style) -> JobOutcome {
        let report = VerdictReport(job["verdict"])
        let message = job.text("status-message")
        switch JobState(job) {
        case .success: return JobOutcome(status: .success, lines: [])
        case .canceled: return JobOutcome(status: .cancelled, lines: ["roadstead: \(title): cancelled"])
        case .failed, .queued, .running, .other:
            let details = report?.lines(style) ?? []
            let first = message.isEmpty ? report?.message ?? "" : message
            // The causes below say the rest: a verdict's own message would tell them twice.
            let failed = report?.failures.count ?? 0
            let what = failed > 0 ? counted(failed, "service") + " failed" : first.isEmpty ? "failed" : first
            let head = "roadstead: \(title): \(what)"
            let status: CommandStatus = report?.isTimeout == true ? .timeout : .failure
            return JobOutcome(status: status, lines: head.split(separator: "\n").map(String.init) + details)
        }
    }
}
