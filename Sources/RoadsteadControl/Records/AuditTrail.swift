import Logging
import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

extension EventDraft {
    /// A deed on a document: visible to its owners and to those who may change it.
    init(_ category: Category, verb: String, on document: JSONObject, type: String, by requester: Requester) {
        let list = document["acl"].flatMap { try? AccessList(json: $0) }
        let id = document["id"]?.stringValue ?? type
        let name = document["name"]?.stringValue ?? document["identifier"]?.stringValue ?? id
        self.init(
            name: type + "." + verb, category: category, resource: ResourceID(id),
            text: "\(requester.author): \(verb) \(type) \(name)", by: requester.authentication,
            visibleTo: Set(list?.owners ?? []).union(list?.grants[.editData] ?? []))
    }

    /// A deed that was tried and did not come about: visible to who tried.
    init(failed category: Category, verb: String, on resource: String, type: String, by requester: Requester) {
        self.init(
            name: type + "." + verb, category: category, resource: ResourceID(resource),
            text: "\(requester.author): \(verb) \(resource) failed", isSuccess: false, by: requester.authentication,
            visibleTo: [requester.activeClaim])
    }
}

extension Requester {
    /// Who acted, for the audit trail; a session's id says nothing to its readers.
    var authentication: EventDraft.Authentication {
        EventDraft.Authentication(
            userID: userID, activeClaim: activeClaim, claims: claims.filter { !$0.hasPrefix("session/") }.sorted())
    }
}

extension ResourceService {
    /// Writes the event in the transaction of the deed itself.
    func record(
        _ category: EventDraft.Category, name: String, of document: JSONObject, type: ResourceType,
        in scope: RequestScope, _ transaction: StoreTransaction
    ) throws {
        guard type.recordsEvents else { return }
        try transaction.record(EventDraft(category, verb: name, on: document, type: type.name, by: scope.requester))
    }

    /// Writes what was tried and failed, for callers that have said who they are: strangers must not fill the store.
    func recordFailure(
        of category: EventDraft.Category, name: String? = nil, on resource: String, type: ResourceType,
        in scope: RequestScope
    ) async {
        guard type.recordsEvents, !scope.requester.isAnonymous else { return }
        let event = EventDraft(
            failed: category, verb: name ?? category.rawValue, on: resource, type: type.name, by: scope.requester)
        do {
            try await scope.store.write { _ = try $0.record(event) }
        } catch {
            scope.logger.warning("an event could not be recorded", metadata: ["error": "\(error)"])
        }
    }
}
