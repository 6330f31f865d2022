import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// The resources that whoever runs a job needs to know (`get-context`): the target, and a deployment's credential and
/// service. For administrators and edges. Secrets are not among them.
struct JobResources {
    let scope: RequestScope

    /// Ids and their documents, without `acl`, `operations` and what no answer shows.
    func context(of job: StoredDocument) async throws -> JSONValue {
        guard isAllowed(job) else { throw RoadsteadError.forbidden(job.id.description) }
        var context = JSONObject()
        for document in try await documents(of: job) {
            let type = ResourceType.all.first { $0.name == document.id.type }
            let shown = type?.withoutConcealed(document.body) ?? document.body
            context[document.id.description] = .object(shown.filter { $0.key != "acl" })
        }
        return .object(context)
    }

    private func isAllowed(_ job: StoredDocument) -> Bool {
        if scope.requester.isAdmin { return true }
        return scope.requester.activeClaim.hasPrefix("nuvlabox/") && scope.rights(on: job.body).contains(.manage)
    }

    private func documents(of job: StoredDocument) async throws -> [StoredDocument] {
        guard let target = try await find(job["target-resource"]?["href"]) else { return [] }
        guard ["deployment", "credential"].contains(target.id.type) else { return [] }
        guard target.id.type == "deployment", let credential = try await find(target["parent"]) else {
            return [target, try await find(target["parent"])].compactMap { $0 }
        }
        return [target, credential, try await find(credential["parent"])].compactMap { $0 }
    }

    private func find(_ reference: JSONValue?) async throws -> StoredDocument? {
        guard let id = reference?.stringValue.flatMap({ ResourceID($0) }) else { return nil }
        return try await scope.store.find(id)
    }
}
