import RoadsteadBasics

extension StepGraph {
    /// The steps, as they are kept so that a run that is resumed goes on with the same ones.
    public var json: JSONValue { .array(steps.map(\.json)) }

    /// Reads what `json` gave. Throws `invalidInput` for anything else.
    public init(json: JSONValue, limits: [String: Int] = [:]) throws(RoadsteadError) {
        let steps = (json.arrayValue ?? []).compactMap(GraphStep.init(json:))
        guard let elements = json.arrayValue, steps.count == elements.count else {
            throw RoadsteadError(.invalidInput, "a graph of steps is kept as a list of steps, each with name and kind")
        }
        try self.init(steps, limits: limits)
    }
}

extension GraphStep {
    fileprivate var json: JSONValue {
        var json: JSONObject = [
            "name": .string(name), "kind": .string(kind), "after": JSONValue(dependencies.sorted()),
        ]
        json["subject"] = subject.map(JSONValue.string)
        return .object(json)
    }

    fileprivate init?(json: JSONValue) {
        guard let name = json["name"]?.stringValue, let kind = json["kind"]?.stringValue,
            let after = json["after"]?.arrayValue
        else { return nil }
        self.init(
            name, kind: kind, subject: json["subject"]?.stringValue, after: Set(after.compactMap(\.stringValue)))
    }
}
