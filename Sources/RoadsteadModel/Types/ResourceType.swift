import RoadsteadBasics

/// All that the uniform machinery must know of a resource type: the wire name, closed schemas, who may list and add,
/// and the actions. A new type is one of these and its rules in RoadsteadControl.
public struct ResourceType: Sendable {
    public let name: String
    /// A sentence for people: part of openapi.json and of `resource-metadata`.
    public let description: String?
    public let access: CollectionAccess
    public let verbs: Set<ResourceVerb>
    /// The common attributes and the type's own.
    public let schema: Schema
    /// Further attributes by `subtype`. When there are any, a document of another subtype is refused.
    public let subtypes: [String: Schema]
    public let templates: [ResourceTemplate]
    /// What the body of a direct add may say and the document does not keep.
    public let requestOnly: [Attribute]
    public let actions: [ResourceAction]
    /// `PATCH /api/<type>/<name>`.
    public let bulkActions: [ResourceAction]
    /// Order of a listing when the request names none.
    public let defaultOrder: [(attribute: String, isAscending: Bool)]
    /// Whether what is done to such resources becomes an event.
    public let recordsEvents: Bool
    /// Names of the attributes that no answer of the uniform machinery shows, over all subtypes.
    public let concealed: Set<String>
    /// Paths to what is kept from answers inside of attributes that are shown.
    public let concealedPaths: [[String]]
    /// Names of what an edit leaves as it is, over all subtypes.
    public let untouchable: Set<String>

    /// `openness`: what the schemas make of attributes that they do not name.
    public init(
        _ name: String, description: String? = nil, access: CollectionAccess = .users,
        verbs: Set<ResourceVerb> = ResourceType.allButBulk, attributes: [Attribute],
        openness: Schema.Openness = .closed,
        subtypes: [String: [Attribute]] = [:], templates: [ResourceTemplate] = [], requestOnly: [Attribute] = [],
        actions: [ResourceAction] = [], bulkActions: [ResourceAction] = [],
        defaultOrder: [(attribute: String, isAscending: Bool)] = [], recordsEvents: Bool = false,
        concealedPaths: [[String]] = []
    ) {
        let schema = Schema(CommonAttributes.list, openness: openness).adding(attributes)
        let schemas = subtypes.mapValues { schema.adding($0) }
        let names = { (traits: Attribute.Traits) in
            schemas.values.reduce(schema.names(with: traits)) { $0.union($1.names(with: traits)) }
        }
        self.name = name
        self.description = description
        self.access = access
        self.verbs = verbs
        self.schema = schema
        self.subtypes = schemas
        self.templates = templates
        self.requestOnly = requestOnly
        self.actions = actions
        self.bulkActions = bulkActions
        self.defaultOrder = defaultOrder
        self.recordsEvents = recordsEvents
        concealed = names([.hidden, .secret])
        self.concealedPaths = concealedPaths
        untouchable = CommonAttributes.serverSet.union(names([.fixed, .managed, .hidden]))
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
            throw RoadsteadError(
                .invalidInput, "\(name) has no subtype '\(subtype.prefix(100))'; it is one of \(known)")
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

    /// A document without what no answer shows.
    public func withoutConcealed(_ document: JSONObject) -> JSONObject {
        concealedPaths.reduce(document.filter { !concealed.contains($0.key) }) { Self.removing($1[...], from: $0) }
    }

    /// Whether no answer shows what stands at the path.
    public func conceals(_ path: [String]) -> Bool {
        path.first.map(concealed.contains) ?? false || concealedPaths.contains { path.starts(with: $0) }
    }

    private static func removing(_ path: ArraySlice<String>, from object: JSONObject) -> JSONObject {
        guard let name = path.first, let value = object[name] else { return object }
        var object = object
        object[name] =
            path.count == 1 ? nil : value.objectValue.map { .object(removing(path.dropFirst(), from: $0)) } ?? value
        return object
    }

    public func action(named name: String) -> ResourceAction? { actions.first { $0.name == name } }

    public func bulkAction(named name: String) -> ResourceAction? { bulkActions.first { $0.name == name } }
}
