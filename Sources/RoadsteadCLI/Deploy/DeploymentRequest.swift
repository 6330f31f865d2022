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
        let declared = version.module["content"]?["environmental-variables"]?.arrayValue?.compactMap(\.objectValue) ?? []
        let names = declared.map { $0.text("name") }
        if let unknown = values.keys.sorted().first(where: { !names.contains($0) }) {
            throw RoadsteadError(
                .invalidInput,
                "'\(name)' has no variable \(unknown)" + (names.isEmpty ? "" : "; it has \(names.joined(separator: ", "))"))
        }
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

    /// The `module` member of the deployment: which version, and the values.
    var module: JSONObject {
        var module: JSONObject = ["href": .string(version.reference)]
        let declared = version.module["content"]?["environmental-variables"]?.arrayValue ?? []
        let variables = declared.compactMap(\.objectValue).map { variable -> JSONValue in
            var variable = variable
            if let value = values[variable.text("name")] { variable["value"] = .string(value) }
            return .object(variable)
        }
        if !variables.isEmpty { module["content"] = ["environmental-variables": .array(variables)] }
        return module
    }
}
