import RoadsteadBasics

/// A page of a listing as the wire has it.
public struct CollectionAnswer: Sendable, Hashable {
    public var type: String
    /// Matches before paging.
    public var count: Int
    public var access: CollectionAccess
    /// `add`, `bulk-delete`: what this caller may do with the collection.
    public var operations: [String]
    public var resources: [JSONObject]
    /// Results by `algorithm:attribute`; nil when none were asked for.
    public var aggregations: JSONObject?

    public init(
        type: String, count: Int, access: CollectionAccess, operations: [String], resources: [JSONObject],
        aggregations: JSONObject? = nil
    ) {
        self.type = type
        self.count = count
        self.access = access
        self.operations = operations
        self.resources = resources
        self.aggregations = aggregations
    }

    public var json: JSONObject {
        var object: JSONObject = [
            "count": JSONValue(count), "id": .string(type), "resource-type": .string(type + "-collection"),
            "acl": access.json,
        ]
        if !operations.isEmpty { object["operations"] = .array(operations.map { Operation.json($0, href: type) }) }
        object["aggregations"] = aggregations.map(JSONValue.object)
        object["resources"] = .array(resources.map(JSONValue.object))
        return object
    }
}

/// An entry of `operations`: what may be done now, and the path under the API's base.
public enum Operation {
    public static func json(_ rel: String, href: String) -> JSONValue { ["rel": .string(rel), "href": .string(href)] }
}
