import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// The audit trail. Users may add events of category `user`; nobody changes one.
struct EventRules: ResourceRules {
    let type = ResourceType.event
    let isShownAsStored = true

    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        var event = body
        if event["timestamp"] == nil { event["timestamp"] = .string(scope.now.description) }
        if !scope.requester.isAdmin { event["category"] = "user" }
        try checkHref(event["content"]?["resource"]?["href"])
        return ResourceDraft(event)
    }

    /// A resource id, or null for what is about no resource.
    private func checkHref(_ href: JSONValue?) throws(RoadsteadError) {
        switch href {
        case nil, .null?, .string?: return
        default: throw RoadsteadError(.invalidInput, "event is not valid: content.resource.href must be an id or null")
        }
    }
}
