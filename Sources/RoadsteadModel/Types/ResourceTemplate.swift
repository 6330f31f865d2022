import RoadsteadBasics

/// One way of making a resource of a templated type: `{"template": {"href": "<type>-template/<id>", …}}`.
public struct ResourceTemplate: Sendable {
    /// The part of the template's id behind the slash.
    public let identifier: String
    public let name: String
    public let description: String
    /// Values that a request need not give; its own win.
    public let defaults: JSONObject
    /// Who may use and see it.
    public let visibleTo: [String]
    /// What a request must and may say, `href` and the wrapper's attributes aside.
    public let schema: Schema

    public init(
        _ identifier: String, name: String, description: String, defaults: JSONObject = [:],
        visibleTo: [String] = [Principal.user], schema: [Attribute]
    ) {
        self.identifier = identifier
        self.name = name
        self.description = description
        self.defaults = defaults
        self.visibleTo = visibleTo
        self.schema = Schema(schema)
    }
}

extension ResourceTemplate {
    /// The template as a resource of its own collection. `moment` is when the server started.
    public func document(of type: String, at moment: Instant) -> JSONObject {
        let stamp = JSONValue.string(moment.description)
        let list = AccessList(owners: [Principal.admin], grants: [.viewACL: Set(visibleTo)]).normalized()
        let common: JSONObject = [
            "id": .string("\(type)-template/\(identifier)"), "resource-type": .string(type + "-template"),
            "created": stamp, "updated": stamp, "name": .string(name), "description": .string(description),
            "acl": list.json,
        ]
        return common.merging(defaults)
    }
}
