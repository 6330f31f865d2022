import RoadsteadBasics

/// The end of a deployment for people: what failed, why, where, and what it last said.
struct VerdictReport: Sendable {
    struct Failure: Hashable, Sendable {
        var service: String
        var reason: String
        var message: String
        var error: String
        var exitCode: Int?
        var node: String
        var task: String
        var log: [String]
    }

    /// As the server spells it: `succeeded`, `failed`, `rolled-back`, `timed-out`, `cancelled`.
    var outcome: String
    var message: String
    var failures: [Failure]
    var warnings: [String]

    /// nil when there is nothing to tell beyond the job's own message.
    init?(_ verdict: JSONValue?) {
        guard let object = verdict?.objectValue else { return nil }
        outcome = object.text("outcome")
        message = object.text("message")
        failures = object["failures"]?.arrayValue?.compactMap { $0.objectValue.map(Failure.init) } ?? []
        warnings = object["warnings"]?.arrayValue?.compactMap(\.stringValue) ?? []
    }

    /// What the command ends with. nil when the verdict says nothing of the kind (it was still converging).
    var status: CommandStatus? {
        switch outcome {
        case "succeeded": .success
        case "rolled-back": .rolledBack
        case "timed-out": .timedOut
        case "cancelled": .cancelled
        default: byFailures
        }
    }

    /// The Swarm itself rolls an update back service by service: then the stack has rolled back when each of those that
    /// failed has.
    private var byFailures: CommandStatus? {
        guard !failures.isEmpty else { return outcome == "failed" ? .failed : nil }
        if failures.allSatisfy({ $0.reason == "timeout" }) { return .timedOut }
        return failures.allSatisfy { $0.reason == "update-rolled-back" } ? .rolledBack : .failed
    }

    func lines(_ style: Style) -> [String] { failures.flatMap { Self.lines($0, style) } }

    private static func lines(_ failure: Failure, _ style: Style) -> [String] {
        let words = failure.reason.replacing("-", with: " ")
        var lines = ["\(style.paint("✗", .red)) service \(failure.service): \(words)"]
        func add(_ label: String, _ value: String) {
            guard !value.isEmpty else { return }
            let parts = TerminalText.safe(value, keepingLines: true).split(separator: "\n")
            for (index, part) in parts.enumerated() {
                lines.append(
                    "    " + (index == 0 ? label + ": " : String(repeating: " ", count: label.count + 2)) + part)
            }
        }
        let message = withoutSubject(failure)
        if message != words { add("what", message) }
        if failure.error != failure.message { add("error", failure.error) }
        add("exit code", failure.exitCode.map(String.init) ?? "")
        add("node", failure.node)
        add("task", failure.task)
        if !failure.log.isEmpty { lines.append("    last log lines:") }
        lines += failure.log.map { "      | " + TerminalText.safe($0, keepingLines: false) }
        return lines
    }
}

extension VerdictReport {
    /// The sentence without the service's name, which the line above it says.
    private static func withoutSubject(_ failure: Failure) -> String {
        let text = failure.message
        let subject = "service \(failure.service)"
        guard text.hasPrefix(subject + " ") || text.hasPrefix(subject + ": ") else { return text }
        return String(text.dropFirst(subject.count).trimmingPrefix(":").trimmingPrefix(" "))
    }
}

extension VerdictReport.Failure {
    init(_ object: JSONObject) {
        service = object.text("service")
        reason = object.text("reason")
        message = object.text("message")
        error = object.text("error")
        exitCode = object["exit-code"]?.integerValue.map(Int.init)
        node = object.text("node")
        task = object.text("task")
        log = object["log"]?.arrayValue?.compactMap(\.stringValue) ?? []
    }
}
