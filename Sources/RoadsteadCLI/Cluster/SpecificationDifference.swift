import RoadsteadBasics
import RoadsteadModel

/// In which attributes two specifications differ, defaults decided; pure.
enum SpecificationDifference {
    /// One that cannot be read is compared as it stands.
    static func make(_ old: JSONObject, _ new: JSONObject) -> [FieldChange] {
        changes(canonical(old), canonical(new), at: "")
    }

    static func lines(_ changes: [FieldChange]) -> [String] { changes.map { "  \($0)" } }

    private static func canonical(_ document: JSONObject) -> JSONObject {
        (try? ClusterSpecification(json: .object(document)))?.json ?? document
    }

    private static func changes(_ old: JSONObject, _ new: JSONObject, at path: String) -> [FieldChange] {
        let keys = old.keys + new.keys.filter { old[$0] == nil }
        return keys.flatMap { key -> [FieldChange] in
            let place = path.isEmpty ? key : path + "." + key
            let (left, right) = (old[key], new[key])
            if let left = left?.objectValue, let right = right?.objectValue { return changes(left, right, at: place) }
            return left == right ? [] : [FieldChange(path: place, from: left, to: right)]
        }
    }
}
