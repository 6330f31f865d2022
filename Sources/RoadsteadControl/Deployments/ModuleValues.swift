import RoadsteadBasics
import RoadsteadModel

/// The user's values in a deployment's copy of a module.
enum ModuleValues {
    /// `content` with the values of `given`: variables and output parameters by `name`, files by `file-name`. What
    /// `given` does not name keeps its value; what it names without a value loses it. A variable that the module does
    /// not declare is added when it has a value: dropping it would be a silent surprise.
    static func applying(_ given: JSONObject, to content: JSONObject) throws(RoadsteadError) -> JSONObject {
        var content = content
        content["environmental-variables"] = merged(
            "environmental-variables", "name", "value", given, content, addsUnknown: true)
        content["output-parameters"] = merged("output-parameters", "name", "value", given, content, addsUnknown: false)
        content["files"] = merged("files", "file-name", "file-content", given, content, addsUnknown: false)
        try check(content)
        return content
    }

    /// `content` without the variables, files and output parameters that have the value that they have in `defaults`.
    static func differing(_ content: JSONObject, from defaults: JSONObject) -> JSONObject {
        var own = content
        for (list, key, value) in lists {
            let known = defaults[list]?.arrayValue ?? []
            own[list] = (content[list]?.arrayValue).map { entries in
                .array(
                    entries.filter { entry in !known.contains { $0[key] == entry[key] && $0[value] == entry[value] } })
            }
        }
        return own
    }

    private static let lists = [
        ("environmental-variables", "name", "value"), ("output-parameters", "name", "value"),
        ("files", "file-name", "file-content"),
    ]

    private static func merged(
        _ list: String, _ key: String, _ value: String, _ given: JSONObject, _ content: JSONObject, addsUnknown: Bool
    ) -> JSONValue? {
        let own = content[list]?.arrayValue ?? []
        let asked = given[list]?.arrayValue?.compactMap(\.objectValue) ?? []
        let values = Dictionary(asked.map { ($0[key], $0[value]) }, uniquingKeysWith: { $1 })
        let changed = own.map { entry -> JSONValue in
            guard var object = entry.objectValue, let wanted = values[object[key]] else { return entry }
            object[value] = present(wanted)
            return .object(object)
        }
        let known = Set(own.map { $0[key] })
        let added = addsUnknown ? asked.filter { !known.contains($0[key]) && present($0[value]) != nil } : []
        let all = changed + added.map { JSONValue.object($0.filter { [key, value].contains($0.key) }) }
        return all.isEmpty ? content[list] : .array(all)
    }

    private static func present(_ value: JSONValue?) -> JSONValue? {
        value == .string("") || value == .null ? nil : value
    }

    private static func check(_ content: JSONObject) throws(RoadsteadError) {
        let checked = content.filter { ["environmental-variables", "files"].contains($0.key) }
        let schema = Schema(
            ResourceType.moduleApplication.schema.attributes.filter { checked[$0.name] != nil })
        try schema.check(checked, as: "module.content")
    }
}
