import RoadsteadBasics

/// All that the uniform machinery must know of a resource type: the wire name, closed schemas, who may list and add,
/// and the actions. A new type is one of these and its rules in RoadsteadControl.
public struct ResourceType: Sendable {
    public let name: String
    public let access: CollectionAccess
    public let verbs: Set<ResourceVerb>
    /// The common attributes and the type's own.
    public let schema: Schema
    /// Further attributes by `subtype`. When there are any, a document of another subtype is refused.
    public let subtypes: [String: Schema]
    public let templates: [ResourceTemplate]
    public let actions: [ResourceAction]
    /// Order of a listing when the request names none.
    public let defaultOrder: [(attribute: String, isAscending: Bool)]
    /// Whether what is done to such resources becomes an event.
    public let recordsEvents: Bool

    public init(
        _ name: String, access: CollectionAccess = .users, verbs: Set<ResourceVerb> = ResourceType.allButBulk,
        attributes: [Attribute], subtypes: [String: [Attribute]] = [:], templates: [ResourceTemplate] = [],
        actions: [ResourceAction] = [], defaultOrder: [(attribute: String, isAscending: Bool)] = [],
        recordsEvents: Bool = false
    ) {
        let schema = Schema(CommonAttributes.list).adding(attributes)
        self.name = name
        self.access = access
        self.verbs = verbs
        self.schema = schema
        self.subtypes = subtypes.mapValues { schema.adding($0) }
        self.templates = templates
        self.actions = actions
        self.defaultOrder = defaultOrder
        self.recordsEvents = recordsEvents
    }

    public static let allButBulk: Set<ResourceVerb> = [.add, .query, .retrieve, .edit, .delete]
    public static let readOnly: Set<ResourceVerb> = [.query, .retrieve]
}

extension ResourceType {
    public var isTemplated: Bool { !templates.isEmpty }

    /// The schema of a whole document; `invalidInput` when its subtype is none of the type's.
    public func schema(of document: JSONObject) throws(RoadsteadError) -> Schema {
        guard !subtypes.isEmpty else { return schema }
        let subtype = document["subtype"]?.stringValue ?? ""
        guard let schema = subtypes[subtype] else {
            let known = subtypes.keys.sorted().joined(separator: ", ")
            throw RoadsteadError(.invalidInput, "\(name) has no subtype '\(subtype)'; it is one of \(known)")
        }
        return schema
    }

    public func check(_ document: JSONObject) throws(RoadsteadError) {
        try schema(of: document).check(document, as: document["id"]?.stringValue ?? name)
    }

    /// Names of the attributes with a trait, over all subtypes.
    public func names(with trait: Attribute.Traits) -> Set<String> {
        subtypes.values.reduce(schema.names(with: trait)) { $0.union($1.names(with: trait)) }
    }

    public func action(named name: String) -> ResourceAction? { actions.first { $0.name == name } }
}
