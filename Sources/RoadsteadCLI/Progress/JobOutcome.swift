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
            let first = details.isEmpty ? message : report?.message ?? message
            let head = "roadstead: \(title): " + (first.isEmpty ? "failed" : first)
            let status: CommandStatus = report?.isTimeout == true ? .timeout : .failure
            return JobOutcome(status: status, lines: head.split(separator: "\n").map(String.init) + details)
        }
    }
}
