import RoadsteadBasics

/// What `roadstead deploy` wants: an application's version on a target, with values for its variables.
struct DeploymentRequest: Sendable {
    let name: String
    let version: ApplicationStore.Version
    let target: DeployTarget
    /// Of declared variables only.
    let values: [String: String]
    /// The deployment of that name there is on the target.
    var existing: JSONObject?
    /// For the body of the action.
    var choices = JSONObject()
    /// Those that a deployment has are kept when this is empty.
    var profiles: [String] = []
    var stackName: String?
    /// What the Compose file calls the stack: for a new deployment, when the Swarm has none of that name.
    var wishedStackName: String?
    /// Registry accounts that were named; without any the deployment keeps those that it has.
    var registries: [RegistryChoice] = []

    /// Throws invalidInput for a value that the application does not know, and for a required one that is missing.
    init(
        name: String, version: ApplicationStore.Version, target: DeployTarget, values: [String: String]
    ) throws(RoadsteadError) {
        let content = version.module["content"]?.objectValue ?? JSONObject()
        let declared = content["environmental-variables"]?.arrayValue?.compactMap(\.objectValue) ?? []
        try Self.refuseUnknown(values, known: Self.variableNames(of: version), of: name)
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

    /// Declared, or only used: an application made elsewhere may use variables that it does not declare.
    static func variableNames(of version: ApplicationStore.Version) -> [String] {
        let content = version.module["content"]?.objectValue ?? JSONObject()
        let declared = content["environmental-variables"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
        let used = ComposeReferences.variables(in: content.text("docker-compose")).map(\.name)
        return declared + used.filter { !declared.contains($0) }
    }

    /// The `module` of a plan of what is stored nowhere: the whole content.
    var wholeModule: JSONObject {
        var content = version.module["content"]?.objectValue ?? JSONObject()
        if let variables = module["content"]?["environmental-variables"] {
            content["environmental-variables"] = variables
        }
        return ["content": .object(content)]
    }

    /// A value that nothing uses is a misspelt name.
    static func refuseUnknown(
        _ values: [String: String], known names: [String], of what: String
    ) throws(RoadsteadError) {
        guard let unknown = values.keys.sorted().first(where: { !names.contains($0) }) else { return }
        let known = names.isEmpty ? "" : "; it has \(names.joined(separator: ", "))"
        throw RoadsteadError(.invalidInput, "'\(what)' has no variable \(unknown)" + known)
    }

    /// What a deployment is made of: `module`, `parent`, `profiles`, and `registries-credentials` in the places of the application's
    /// private registries, those of other registries behind them.
    var content: JSONObject {
        var content: JSONObject = [
            "module": .object(module), "parent": .string(target.credential.description),
        ]
        if !profiles.isEmpty { content["profiles"] = JSONValue(profiles) }
        guard !registries.isEmpty else { return content }
        let places = version.module["content"]?["private-registries"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let known = places.map { place in registries.first { $0.service.description == place }?.credential.description }
        let others = registries.filter { !places.contains($0.service.description) }.map(\.credential.description)
        content["registries-credentials"] = JSONValue(known.map { $0 ?? "" } + others)
        return content
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
