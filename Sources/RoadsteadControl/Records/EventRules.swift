import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// The audit trail. Users may add events of category `user`; nobody changes one.
struct EventRules: ResourceRules {
    let type = ResourceType.event

    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        var event = body
        if event["timestamp"] == nil { event["timestamp"] = .string(scope.now.description) }
        if !scope.requester.isAdmin { event["category"] = "user" }
        return ResourceDraft(event)
    }
}
