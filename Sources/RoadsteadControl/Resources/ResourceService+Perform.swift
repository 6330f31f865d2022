import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

extension ResourceService {
    /// `POST /api/<type>/<uuid>/<action>`: 404 for an unknown action or resource, 403 without the right, then the
    /// rules' own answer.
    public func perform(
        _ action: String, on id: ResourceID, _ body: JSONObject = [:], in scope: RequestScope
    ) async throws -> ResourceAnswer {
        guard let rules = catalog.rules(id.type), let descriptor = rules.type.action(named: action) else {
            throw RoadsteadError.noSuchAction(action, id.description)
        }
        let scope = try scope.admitted(action, id.type, id)
        do {
            let document = try await store(scope, get: rules.storedID(of: id))
            let rights = scope.rights(on: document.body)
            guard descriptor.right.map(rights.contains) ?? true else { throw RoadsteadError.forbidden(id.description) }
            let answered = StoredDocument(id: id, revision: document.revision, body: document.body)
            return try await rules.perform(action, on: answered, body: body, in: scope)
        } catch {
            await recordFailure(of: .action, name: action, on: id.description, type: rules.type, in: scope)
            throw error
        }
    }
}
