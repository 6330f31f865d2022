import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// The uniform use cases over every resource type: the only way in for CLI, pages and other people's clients.
///
/// Rights are checked here, on every path, before the type's rules see a request.
public struct ResourceService: Sendable {
    public let catalog: ResourceCatalog
    /// Those who edit one document and have met somebody else at it.
    let editing = KeyedLock<ResourceID>()
    let operationTexts = OperationTexts()
    let listingTexts = ListingTexts()

    public init(catalog: ResourceCatalog) { self.catalog = catalog }

    /// The rules of a type that has the verb; 405 otherwise, for unknown types too.
    func rules(_ type: String, for verb: ResourceVerb, path: String) throws(RoadsteadError) -> any ResourceRules {
        guard let rules = catalog.rules(type), rules.type.verbs.contains(verb) else {
            throw .invalidMethod(verb.rawValue, path)
        }
        return rules
    }

    /// What is shown of a document to somebody with these rights, `operations` first, hidden and secret parts gone.
    func shown(
        _ document: JSONObject, by rules: any ResourceRules, as id: String, in scope: RequestScope
    ) throws(RoadsteadError) -> JSONObject {
        try Self.shown(document, by: rules, as: id, in: scope)
    }

    static func shown(
        _ document: JSONObject, by rules: any ResourceRules, as id: String, in scope: RequestScope
    ) throws(RoadsteadError) -> JSONObject {
        let rights = scope.rights(on: document)
        var shown = rules.type.withoutConcealed(document)
        let operations = OperationList(rules: rules, rights: rights, requester: scope.requester).json(document, id: id)
        if !operations.isEmpty { shown["operations"] = .array(operations) }
        guard let visible = AttributeVisibility.visible(shown, rights: rights) else { throw .forbidden(id) }
        return visible
    }

    /// Attributes by name and the id, as `select` asks.
    static func selected(_ document: JSONObject, _ select: [String]?) -> JSONObject {
        guard let select else { return document }
        let wanted = Set(select.map { $0.split(separator: "/").first.map(String.init) ?? $0 } + ["id"])
        return document.filter { wanted.contains($0.key) }
    }
}

/// What a caller may do now with one document: by its rights, and by the document's state.
struct OperationList {
    let rules: any ResourceRules
    let rights: Set<AccessRight>
    let requester: Requester

    func json(_ document: JSONObject, id: String) -> [JSONValue] {
        var operations: [JSONValue] = []
        if rules.type.verbs.contains(.edit), AttributeVisibility.mayEdit(rights), rules.offers("edit", on: document) {
            operations.append(Operation.json("edit", href: id))
        }
        if rules.type.verbs.contains(.delete), rights.contains(.delete), rules.offers("delete", on: document) {
            operations.append(Operation.json("delete", href: id))
        }
        let actions = rules.type.actions.filter { action in
            action.isListed && action.right.map(rights.contains) ?? true && rules.offers(action.name, on: document)
        }
        operations += actions.map { Operation.json($0.name, href: id + "/" + $0.name) }
        guard requester.scope != nil else { return operations }
        return operations.filter { operation in
            requester.permits(operation["rel"]?.stringValue ?? "", type: rules.type.name, id: id)
        }
    }
}
