import RoadsteadBasics
import RoadsteadModel

/// What an edit asks for.
public enum ResourceChange: Sendable {
    /// Attributes to put over the document's own, top level only.
    case merge(JSONObject)
    case patch(JSONPatch)

    /// Attributes to set and to remove. A patch applies to what the caller sees, so that nothing hidden can be copied
    /// into sight, and removes what it removes.
    func attributes(of visible: JSONObject) throws(RoadsteadError) -> (set: JSONObject, removed: Set<String>) {
        switch self {
        case .merge(let body): return (body, [])
        case .patch(let patch):
            let result = try patch.apply(to: visible)
            let changed = result.filter { visible[$0.key] != $0.value }
            return (changed, Set(visible.keys).subtracting(result.keys))
        }
    }
}
