import RoadsteadBasics

/// A plan for people: one line for each object that changes, its differing fields beneath, a sum at the end.
enum PlanText {
    static func lines(_ plan: JSONObject, _ style: Style) -> [String] {
        let steps = plan["steps"]?.arrayValue?.compactMap(\.objectValue) ?? []
        let changing = steps.filter { !["unchanged", "check"].contains($0.text("action")) }
        let warnings = plan["warnings"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let drift = plan["drift"]?.arrayValue?.compactMap(\.objectValue) ?? []
        let lines = (changing.flatMap(step) + drift.flatMap(drifted)).map {
            TerminalText.safe($0, keepingLines: false)
        }
        return warnings.map { "warning: " + TerminalText.safe($0, keepingLines: false) } + painted(lines, style)
            + [sum(steps, changing)]
    }

    private static func step(_ step: JSONObject) -> [String] {
        let mark = marks[step.text("action")] ?? "?"
        let changes = step["changes"]?.arrayValue?.compactMap(\.objectValue) ?? []
        let words = [step.text("note"), step["rolls"] == true ? "tasks are replaced" : ""].filter { !$0.isEmpty }
        let remark = words.isEmpty ? "" : " (" + words.joined(separator: "; ") + ")"
        return ["\(mark) \(step.text("kind")) \(step.text("name"))\(remark)"]
            + changes.map { "    \($0.text("path")): \(value($0["from"])) -> \(value($0["to"]))" }
    }

    private static func drifted(_ drift: JSONObject) -> [String] {
        let done = ["changed": "was changed", "missing": "was removed", "extra": "was added"][drift.text("what")]
        let changes = drift["changes"]?.arrayValue?.compactMap(\.objectValue) ?? []
        return ["* \(drift.text("kind")) \(drift.text("name")) \(done ?? "differs") since the last deployment"]
            + changes.map { "    \($0.text("path")): \(value($0["from"])) -> \(value($0["to"]))" }
    }

    /// Colour goes in last: texts of others have been made safe before.
    private static func painted(_ lines: [String], _ style: Style) -> [String] {
        lines.map { line in
            switch line.first {
            case "+": style.paint(line, .green)
            case "-": style.paint(line, .red)
            case "~", "±", "*": style.paint(line, .yellow)
            default: line
            }
        }
    }

    private static let marks = ["create": "+", "update": "~", "remove": "-", "recreate": "±"]

    private static func value(_ value: JSONValue?) -> String {
        switch value {
        case nil, .null?: "(none)"
        case .string(let text)?: text
        case let other?: other.text()
        }
    }

    private static func sum(_ steps: [JSONObject], _ changing: [JSONObject]) -> String {
        func count(_ action: String) -> Int { changing.count { $0.text("action") == action } }
        guard !changing.isEmpty else { return "Nothing would change (\(steps.count) objects are as they should be)." }
        let anew = count("recreate") > 0 ? "\(count("recreate")) to make anew, " : ""
        return "\(count("create")) to create, \(count("update")) to update, \(anew)\(count("remove")) to remove, "
            + "\(steps.count - changing.count) unchanged."
    }
}
