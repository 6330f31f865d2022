import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

extension DeploymentRules {
    /// What a start or an update would change on the Swarm. With a `module` in the body: as if it had been put first;
    /// whole texts in `module.content` are kept nowhere.
    func plan(_ document: StoredDocument, _ body: JSONObject, in scope: RequestScope) async throws -> JSONValue {
        var planned = document.body
        if let given = body["module"] {
            if Self.isWhole(given), !scope.rights(on: document.body).contains(.editData) {
                throw .forbidden(document.id.description)
            }
            planned["module"] = .object(try await module(given, over: planned["module"]?.objectValue, in: scope))
        }
        for name in ["profiles", "registries-credentials"] where body[name] != nil { planned[name] = body[name] }
        planned = try await DeploymentTarget(scope: scope).applied(to: planned)
        return try await plan(planned, of: document.id, revision: document.revision, body, in: scope)
    }

    /// What a deployment that is not there yet would change: `given` as for adding one. Nothing is stored.
    func planOfNew(_ given: JSONObject, _ body: JSONObject, in scope: RequestScope) async throws -> JSONValue {
        let module = try await module(body["module"], over: nil, in: scope)
        let draft = try await draft(of: given, module: module, in: scope)
        let id = ResourceID(type: type.name, identifier: draft.identifier ?? scope.context.ids.makeUUID())
        return try await plan(draft.body, of: id, revision: 0, body, in: scope)
    }

    private func plan(
        _ planned: JSONObject, of id: ResourceID, revision: Int64, _ body: JSONObject, in scope: RequestScope
    ) async throws -> JSONValue {
        try ApplicationReadiness.check(planned)
        return try await planner.plan(
            StoredDocument(id: id, revision: revision, body: planned), choices: DeploymentChoices(body),
            logger: scope.logger)
    }

    private static func isWhole(_ module: JSONValue) -> Bool { module["content"]?["docker-compose"] != nil }

    private func module(
        _ given: JSONValue?, over stored: JSONObject?, in scope: RequestScope
    ) async throws -> JSONObject {
        guard let given, Self.isWhole(given), var content = given["content"]?.objectValue else {
            return try await ModuleSnapshot(modules: modules, scope: scope).take(given, over: stored)
        }
        let known = ResourceType.moduleApplication.schema.attributes.filter { content[$0.name] != nil }
        try Schema(known, openness: .open).check(content, as: "module.content")
        let sealer = scope.store.sealer
        let kept = try SecretFiles(of: stored?["content"]?.objectValue ?? [:], sealer: sealer)
        let secrets = try SecretFiles.take(from: &content, over: kept)
        var module = stored ?? ["subtype": "application"]
        module["content"] = .object(try secrets.placed(in: content, sealer: sealer))
        return module
    }
}
