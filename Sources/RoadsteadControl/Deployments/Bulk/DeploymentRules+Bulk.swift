import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

extension DeploymentRules {
    /// `bulk-update`, `bulk-stop`, `bulk-delete`, `bulk-force-delete`: one job that does it to each deployment that matches
    /// and that the caller may do it to.
    func performBulk(
        _ action: String, filter: String, body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        guard let bulk = BulkDeployment(rawValue: action) else { throw .noSuchAction(action, type.name) }
        // A filter that does not parse is told now, not by the job.
        _ = try DocumentQuery(QueryParameters(filters: [filter]), rules: self, in: scope)
        var payload = body.filter { $0.key == "module-href" }
        payload["filter"] = .string(filter)
        payload["authn-info"] = .object(scope.requester.bulkJSON)
        var draft = JobDraft(
            bulk.jobAction, on: ResourceID(scope.requester.activeClaim) ?? ServerSettings.id, by: scope.requester,
            payload: payload)
        draft.isUnique = false
        let job = try await scope.store.write { [draft] in try $0.enqueue(draft).id }
        return .operation(.accepted(draft.action, type.name, job: job.description))
    }
}

/// What can be done to many deployments at once. Raw values are the wire's.
enum BulkDeployment: String, CaseIterable {
    case update = "bulk-update"
    case stop = "bulk-stop"
    case delete = "bulk-delete"
    case forceDelete = "bulk-force-delete"

    var jobAction: String {
        switch self {
        case .update: "bulk_update_deployment"
        case .stop: "bulk_stop_deployment"
        case .delete: "bulk_delete_deployment"
        case .forceDelete: "bulk_force_delete_deployment"
        }
    }

    /// What the caller needs on each of them.
    var right: AccessRight {
        switch self {
        case .update, .stop: .manage
        case .delete, .forceDelete: .delete
        }
    }
}

extension Requester {
    /// Who asks, for a job that acts on its behalf.
    var bulkJSON: JSONObject {
        var json: JSONObject = [
            "active-claim": .string(activeClaim),
            "claims": JSONValue(claims.filter { !$0.hasPrefix("session/") }.sorted()),
        ]
        json["user-id"] = userID.map(JSONValue.string)
        json["scope"] = scope?.json
        json["key"] = key.map(JSONValue.string)
        return json
    }

    /// Throws `invalidInput` for a scope that cannot be read.
    init?(bulkJSON json: JSONValue?) throws {
        guard let claim = json?["active-claim"]?.stringValue else { return nil }
        self.init(
            userID: json?["user-id"]?.stringValue, activeClaim: claim,
            claims: Set(json?["claims"]?.arrayValue?.compactMap(\.stringValue) ?? []),
            scope: try json?["scope"].map { try KeyScope(json: $0) }, key: json?["key"]?.stringValue)
    }
}
