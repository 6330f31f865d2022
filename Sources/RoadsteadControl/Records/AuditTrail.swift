import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// What kind of deed an event tells of; raw values are the wire's.
enum EventCategory: String, Sendable {
    case add, edit, delete, action, state
}

/// Makes the documents of the audit trail (`event`), in the shape of the dialect.
struct AuditEvent {
    let category: EventCategory
    /// `<type>.<verb>`, such as `deployment.start`.
    let name: String
    let resource: String
    let description: String
    let isSuccess: Bool
    /// Who may see the event: the owners of what it is about.
    let owners: [String]

    func document(by requester: Requester, at moment: Instant) -> JSONObject {
        var authn: JSONObject = ["claims": JSONValue(requester.claims.filter { !$0.hasPrefix("session/") }.sorted())]
        authn["user-id"] = requester.userID.map(JSONValue.string)
        authn["active-claim"] = .string(requester.activeClaim)
        let access = AccessList(owners: ([Principal.admin] + owners).uniqued()).normalized()
        return [
            "resource-type": "event", "name": .string(name), "category": .string(category.rawValue),
            "severity": "medium", "timestamp": .string(moment.description), "success": .bool(isSuccess),
            "description": .string(description),
            "content": ["resource": ["href": .string(resource)], "linked-identifiers": []],
            "authn-info": .object(authn), "created-by": .string(requester.author), "acl": access.json,
        ]
    }
}

extension Sequence where Element: Hashable {
    /// Each element once, at its first place.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}

extension AuditEvent {
    /// What is recorded of a deed on `document`: visible to its owners and to those who may change it.
    init(
        _ category: EventCategory, verb: String, on document: JSONObject, type: String, by requester: Requester
    ) {
        let list = document["acl"].flatMap { try? AccessList(json: $0) }
        let id = document["id"]?.stringValue ?? type
        let name = document["name"]?.stringValue ?? document["identifier"]?.stringValue
        self.init(
            category: category, name: type + "." + verb, resource: id,
            description: "\(requester.author): \(verb) \(type) \(name ?? id)", isSuccess: true,
            owners: (list?.owners ?? []) + (list?.grants[.editData] ?? []).sorted())
    }
}

extension ResourceService {
    /// Writes the event in the transaction of the deed itself.
    func record(
        _ category: EventCategory, name: String, of document: JSONObject, type: ResourceType, in scope: RequestScope,
        _ transaction: StoreTransaction
    ) throws {
        guard type.recordsEvents else { return }
        let event = AuditEvent(category, verb: name, on: document, type: type.name, by: scope.requester)
        try transaction.insert(event.document(by: scope.requester, at: scope.now))
    }

    /// Writes what was tried and failed, for callers that have said who they are: strangers must not fill the store.
    func recordFailure(
        _ error: any Error, of category: EventCategory, name: String? = nil, on resource: String, type: ResourceType,
        in scope: RequestScope
    ) async {
        guard type.recordsEvents, !scope.requester.isAnonymous else { return }
        let verb = name ?? category.rawValue
        let event = AuditEvent(
            category: category, name: type.name + "." + verb, resource: resource,
            description: "\(scope.requester.author): \(verb) \(resource) failed", isSuccess: false,
            owners: [scope.requester.activeClaim])
        do {
            try await scope.store.write { try $0.insert(event.document(by: scope.requester, at: scope.now)) }
        } catch {
            scope.logger.warning("an event could not be recorded", metadata: ["error": "\(error)"])
        }
    }
}
