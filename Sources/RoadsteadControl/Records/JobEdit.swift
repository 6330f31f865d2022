import RoadsteadBasics
import RoadsteadJobs

/// What an edit of a job's document by an administrator, or by a program that runs jobs, makes of it. Pure.
struct JobEdit {
    private(set) var body: JSONObject

    init(_ body: JSONObject) { self.body = body }

    var isFinal: Bool { JobRules.state(of: body)?.isFinal ?? false }

    /// Throws a conflict when the job has ended.
    mutating func apply(_ changes: JSONObject, removed: Set<String>, at now: Instant) throws(RoadsteadError) {
        guard !isFinal else {
            throw RoadsteadError(
                .conflict,
                "edit is not allowed in final state: \(body["id"]?.stringValue ?? "the job") is "
                    + "\(body["state"]?.stringValue ?? "over")", context: facts)
        }
        let before = body
        body = body.filter { !removed.contains($0.key) || ["state", "progress"].contains($0.key) }.merging(changes)
        body["priority"] = nil
        if body["status-message"] != before["status-message"] {
            body["time-of-status-change"] = .string(now.description)
        }
        let state = JobRules.state(of: body)
        if state == .running, body["started"] == nil { body["started"] = .string(now.description) }
        if isFinal { finish(at: now) }
    }

    private var facts: [String: String] { body["id"]?.stringValue.map { ["resource-id": $0] } ?? [:] }

    private mutating func finish(at now: Instant) {
        body["progress"] = 100
        if body["return-code"] == nil { body["return-code"] = JobRules.state(of: body) == .success ? 0 : 1 }
        guard let started = body["started"]?.stringValue.flatMap({ Instant(rfc3339: $0) }) else { return }
        body["duration"] = .integer(max(0, (now - started).components.seconds))
    }
}
