import RoadsteadBasics

/// What `roadstead deploy` wants: an application's version on a target, with values for its variables.
struct DeploymentRequest: Sendable {
    let name: String
    let version: ApplicationStore.Version
    let target: DeployTarget
    /// Of declared variables only.
    let values: [String: String]

    /// Throws invalidInput for a value that the application does not know, and for a required one that is missing.
    init(
        name: String, version: ApplicationStore.Version, target: DeployTarget, values: [String: String]
    ) throws(RoadsteadError) {
        let content = version.module["content"]?.objectValue ?? JSONObject()
        let declared = content["environmental-variables"]?.arrayValue?.compactMap(\.objectValue) ?? []
        // An application made elsewhere may use variables that it does not declare.
        let used = ComposeReferences.variables(in: content.text("docker-compose")).map(\.name)
        let names =
            declared.map { $0.text("name") } + used.filter { name in !declared.contains { $0.text("name") == name } }
        try Self.refuseUnknown(values, known: names, of: name)
        let missing = declared.filter { variable in
            variable["required"] == true && variable["value"] == nil && values[variable.text("name")] == nil
        }.map { $0.text("name") }
        guard missing.isEmpty else {
            throw RoadsteadError(
                .invalidInput,
                "'\(name)' needs a value for \(missing.joined(separator: ", ")): add "
                    + missing.map { "--env \($0)=VALUE" }.joined(separator: " "))
        }
        (self.name, self.version, self.target, self.values) = (name, version, target, values)
    }

    /// A value that nothing uses is a misspelt name.
    static func refuseUnknown(
        _ values: [String: String], known names: [String], of what: String
    ) throws(RoadsteadError) {
        guard let unknown = values.keys.sorted().first(where: { !names.contains($0) }) else { return }
        let known = names.isEmpty ? "" : "; it has \(names.joined(separator: ", "))"
        throw RoadsteadError(.invalidInput, "'\(what)' has no variable \(unknown)" + known)
    }

    /// The `module` member of the deployment: which version, and the values.
    var module: JSONObject {
        var module: JSONObject = ["href": .string(version.reference)]
        let declared = version.module["content"]?["environmental-variables"]?.arrayValue ?? []
        let variables = declared.compactMap(\.objectValue).map { variable -> JSONValue in
            var variable = variable
            if let value = values[variable.text("name")] { variable["value"] = .string(value) }
            return .object(variable)
        }
        let known = Set(declared.map { $0["name"]?.stringValue })
        let added = values.filter { !known.contains($0.key) }.sorted { $0.key < $1.key }
            .map { JSONValue.object(["name": .string($0.key), "value": .string($0.value)]) }
        let all = variables + added
        if !all.isEmpty { module["content"] = ["environmental-variables": .array(all)] }
        return module
    }
}
