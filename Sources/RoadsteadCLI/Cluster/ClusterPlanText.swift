import RoadsteadBasics
import RoadsteadModel

/// What would become of a cluster, for people.
enum ClusterPlanText {

    static func lines(_ plan: ClusterPlan, _ style: Style) -> [String] {
        plan.lines().map { line in
            let text = TerminalText.safe(line, keepingLines: false)
            switch text.first {
            case "+": return style.paint(text, .green)
            case "-": return style.paint(text, .red)
            case "~", "±": return style.paint(text, .yellow)
            case "!": return "warning:" + text.dropFirst()
            default: return text
            }
        }
    }

    /// What a plan to terminate, or to take back, lists: each with what it is at its provider.
    static func removals(_ plan: JSONObject, _ style: Style) -> [String] {
        let things = removes(plan).map { thing in
            let id = thing.text("id") == thing.text("name") ? "" : thing.text("id")
            let stays = thing.text("kind") == "host" ? "leaves the Swarm, and stays" : ""
            let note = [id, stays].filter { !$0.isEmpty }.joined(separator: "; ")
            let text = "- \(thing.text("kind")) \(thing.title)" + (note.isEmpty ? "" : " (\(note))")
            return style.paint(TerminalText.safe(text, keepingLines: false), .red)
        }
        let warnings = plan["warnings"]?.arrayValue?.compactMap(\.stringValue) ?? []
        return warnings.map { "warning: " + TerminalText.safe($0, keepingLines: false) } + things
    }

    static func removes(_ plan: JSONObject) -> [JSONObject] {
        plan["removes"]?.arrayValue?.compactMap(\.objectValue) ?? []
    }
}
