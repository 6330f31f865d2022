import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// `bulk_stop_deployment` and its like: does the single action to each deployment, as whoever asked and with that one's
/// rights. The result is JSON in the status message, as Nuvla's clients read it.
struct BulkDeploymentJob: JobHandler {
    let kind: BulkDeployment
    let plane: ControlPlane

    static func all(_ plane: ControlPlane) -> [any JobHandler] {
        BulkDeployment.allCases.map { BulkDeploymentJob(kind: $0, plane: plane) }
    }

    var action: String { kind.jobAction }
    var maximumAttempts: Int { 1 }

    func run(_ context: JobContext) async throws -> JobOutcome {
        guard let requester = try Requester(bulkJSON: context.payload["authn-info"]) else {
            throw RoadsteadError(.invalidInput, "\(context.id) does not say for whom it acts")
        }
        let scope = RequestScope(context: plane.context, by: requester)
        let ids = try await context.recordedStep("select") { JSONValue(try await select(context, scope)) }
        var result = BulkResult()
        let all = ids.arrayValue?.compactMap { $0.stringValue.flatMap { ResourceID($0) } } ?? []
        for (index, id) in all.enumerated() {
            try context.checkCancelled()
            do {
                try await perform(on: id, context, scope)
                result.successes.append(id)
            } catch let error as RoadsteadError { result.note(error, on: id) }
            if index % 20 == 0 {
                try await context.progress(index * 99 / max(1, all.count), "\(index) of \(all.count)")
            }
        }
        let text = result.json(total: all.count).text()
        return result.reasons.isEmpty ? .succeeded(message: text) : .failed(message: text)
    }

    /// The matches, chosen once: what becomes a match later is not meant.
    private func select(_ context: JobContext, _ scope: RequestScope) async throws -> [String] {
        let filter = context.payload["filter"]?.stringValue ?? ""
        guard let rules = plane.resources.catalog.rules(ResourceType.deployment.name) else { return [] }
        var query = try DocumentQuery(QueryParameters(filters: [filter]), rules: rules, in: scope)
        query.order = [.init("id")]
        let documents = try await scope.store.query(query).documents
        return documents.filter { scope.rights(on: $0.body).contains(kind.right) }.map(\.id.description)
    }

    private func perform(on id: ResourceID, _ context: JobContext, _ scope: RequestScope) async throws {
        let resources = plane.resources
        switch kind {
        case .stop: _ = try await resources.perform("stop", on: id, ["low-priority": true], in: scope)
        case .delete: _ = try await resources.delete(id, in: scope)
        case .forceDelete: _ = try await resources.perform("force-delete", on: id, in: scope)
        case .update:
            if let href = context.payload["module-href"] {
                _ = try await resources.perform("fetch-module", on: id, ["module-href": href], in: scope)
            }
            _ = try await resources.perform("update", on: id, ["low-priority": true], in: scope)
        }
    }
}

/// How many went well, and why the others did not.
struct BulkResult: Sendable {
    struct Reason: Sendable {
        var text: String
        var ids: [ResourceID]
    }

    var successes: [ResourceID] = []
    var reasons: [Reason] = []

    /// Reasons that differ in the deployment's id only are one.
    mutating func note(_ error: RoadsteadError, on id: ResourceID) {
        let text = error.message.replacing(id.description, with: "the deployment")
        if let index = reasons.firstIndex(where: { $0.text == text }) {
            reasons[index].ids.append(id)
        } else {
            reasons.append(Reason(text: text, ids: [id]))
        }
    }

    func json(total: Int) -> JSONValue {
        let failed = reasons.reduce(0) { $0 + $1.ids.count }
        return [
            "total_actions": JSONValue(total), "success": JSONValue(successes.map(\.description)),
            "success_count": JSONValue(successes.count), "failed_count": JSONValue(failed),
            "error_reasons": .array(
                reasons.map { reason in
                    [
                        "reason": .string(reason.text), "category": "failed", "count": JSONValue(reason.ids.count),
                        "data": .array(reason.ids.map { ["id": .string($0.description), "count": 1] }),
                    ]
                }),
        ]
    }
}
