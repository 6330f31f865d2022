import RoadsteadBasics

extension ClusterPlan {
    /// Reads a plan that a server has made, for a client that shows it.
    ///
    /// Throws `unsupported` for a step that this version does not know.
    public init(json: JSONObject) throws(RoadsteadError) {
        var steps: [ClusterPlanStep] = []
        for value in json["steps"]?.arrayValue ?? [] {
            guard let object = value.objectValue, let step = ClusterPlanStep(json: object) else {
                throw RoadsteadError(
                    .unsupported,
                    "the plan has a step that this version does not know, \(value.text()): use the server's version")
            }
            steps.append(step)
        }
        self.init(
            cluster: json["cluster"]?.stringValue ?? "", steps: steps,
            warnings: json["warnings"]?.arrayValue?.compactMap(\.stringValue) ?? [])
    }
}

extension ClusterPlanStep {
    init?(json: JSONObject) {
        func text(_ key: String) -> String? { json[key]?.stringValue }
        guard let kind = text("kind").flatMap(Kind.init), let name = text("name"), let action = Action(json: json)
        else { return nil }
        self.init(
            kind, name, action, text("role").flatMap(MachineRole.init), note: text("note"),
            details: json["details"]?.objectValue ?? [:])
    }
}

extension ClusterPlanStep.Action {
    fileprivate init?(json: JSONObject) {
        // What a side does not have is written as null.
        func present(_ value: JSONValue?) -> JSONValue? { value.flatMap { $0.isNull ? Optional.none : $0 } }
        let changes = (json["changes"]?.arrayValue ?? []).map { change in
            FieldChange(
                path: change["path"]?.stringValue ?? "", from: present(change["from"]), to: present(change["to"]))
        }
        switch json["action"]?.stringValue {
        case "make": self = .make
        case "finish": self = .finish
        case "replace": self = .replace(json["replaces"]?.stringValue ?? "")
        case "promote": self = .promote
        case "demote": self = .demote
        case "update": self = .update(changes)
        case "upgrade": self = .upgrade(changes)
        case "unchanged": self = .unchanged
        case "remove": self = .remove
        default: return nil
        }
    }
}
