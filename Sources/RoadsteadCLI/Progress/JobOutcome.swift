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
            let head = "roadstead: \(title): \(what)\(report?.status == .rolledBack ? " and rolled back" : "")"
            let status = report?.status ?? withoutVerdict(job)
            return JobOutcome(status: status, lines: head.split(separator: "\n").map(String.init) + details)
        }
    }

    /// A job that failed before its step `apply` has touched nothing. Only jobs that apply have a step of that name, so
    /// what other jobs do counts as tried.
    private static func withoutVerdict(_ job: JSONObject) -> CommandStatus {
        let steps = job["steps"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
        guard applying.contains(job.text("action")), !steps.contains("apply"),
            let code = RoadsteadError.Code(rawValue: job.text("failure-code"))
        else { return .failed }
        let status = CommandStatus(code)
        // The server read the file, and an engine or a registry that does not answer was asked beforehand: for the
        // command line both are a refusal like any other.
        return status == .invalidInput || code == .unavailable ? .refused : status
    }

    private static let applying: Set<String> = [
        "start_deployment", "update_deployment", "rollback_deployment", "scale_deployment", "restart_deployment",
    ]
}
