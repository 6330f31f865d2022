import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// The audit trail. Users may add events of category `user` and remove those again; nobody changes one.
struct EventRules: ResourceRules {
    let type = ResourceType.event
    let isShownAsStored = true

    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        var event = body
        if event["timestamp"] == nil { event["timestamp"] = .string(scope.now.description) }
        if !scope.requester.isAdmin {
            event["category"] = "user"
            // Who acted is not the actor's to say.
            event["authn-info"] = .object(scope.requester.authentication.body)
        }
        try checkHref(event["content"]?["resource"]?["href"])
        return ResourceDraft(event)
    }

    /// What the server has recorded stays: who could remove it could remove its traces.
    func delete(_ document: StoredDocument, in scope: RequestScope, transaction: StoreTransaction) throws {
        guard scope.requester.isAdmin || document["category"] == "user" else {
            throw RoadsteadError(
                .forbidden,
                "\(document.id) is part of the audit trail; only administrators may remove it, others events of category user",
                context: ["resource-id": document.id.description])
        }
    }

    /// A resource id, or null for what is about no resource.
    private func checkHref(_ href: JSONValue?) throws(RoadsteadError) {
        switch href {
        case nil, .null?, .string?: return
        default: throw RoadsteadError(.invalidInput, "event is not valid: content.resource.href must be an id or null")
        }
    }
}
