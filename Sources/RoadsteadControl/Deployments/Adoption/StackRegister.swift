import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadModel
import RoadsteadStore

/// The stacks on a Swarm, and which deployment each of them belongs to: the actions `stacks` and `adopt` of an
/// infrastructure service.
struct StackRegister: Sendable {
    let modules: ModuleRules
    let deployments: DeploymentRules

    // MARK: - Stacks

    /// `{"stacks": [{"name", "services", "deployment"?, "deployment-name"?, "state"?, "owned": bool}]}`. A deployment that
    /// the caller cannot see is told by `owned` alone.
    func list(_ service: StoredDocument, _ body: JSONObject, in scope: RequestScope) async throws -> JSONValue {
        let credential = try await credential(for: service, body, in: scope)
        let names = try await EngineAccess(store: scope.store, logger: scope.logger)
            .withEngine(credential: credential) { client in try await Self.stacks(client) }
        let owners = try await Self.owners(on: service, in: scope)
        let rows = names.sorted { $0.key < $1.key }.map { name, count -> JSONValue in
            var row: JSONObject = [
                "name": .string(name), "services": JSONValue(count), "owned": .bool(owners[name] != nil),
            ]
            if let owner = owners[name], scope.rights(on: owner.body).contains(.viewMeta) {
                row["deployment"] = .string(owner.id.description)
                row["deployment-name"] = owner["name"]
                row["state"] = owner["state"]
            }
            return .object(row)
        }
        return ["stacks": .array(rows)]
    }

    private static func stacks(_ client: EngineClient) async throws -> [String: Int] {
        do {
            let services = try await client.services(["label": [DesiredStack.namespaceLabel]])
            return services.reduce(into: [:]) { counts, service in
                guard let name = service.spec.labels?[DesiredStack.namespaceLabel] else { return }
                counts[name, default: 0] += 1
            }
        } catch { throw RoadsteadError(error, doing: "list the stacks") }
    }

    private static func owners(
        on service: StoredDocument, in scope: RequestScope
    ) async throws -> [String: StoredDocument] {
        let documents = try await scope.store.query(query(service.id)).documents
        return documents.reduce(into: [:]) { owners, document in
            guard DeploymentRules.state(of: document.body)?.isAtRest == false else { return }
            owners[DeploymentStack(deployment: document).name] = document
        }
    }

    private static func query(_ service: ResourceID) -> DocumentQuery {
        DocumentQuery(
            type: ResourceType.deployment.name, filter: .equal("infrastructure-service", .string(service.description)))
    }

    /// What a deployment there would change that is not made yet; see `DeploymentRules.planOfNew`.
    func plan(_ service: StoredDocument, _ body: JSONObject, in scope: RequestScope) async throws -> JSONValue {
        let credential = try await credential(for: service, body, in: scope)
        var given = body.filter { ["stack-name", "profiles", "registries-credentials"].contains($0.key) }
        given["parent"] = .string(credential.id.description)
        return try await deployments.planOfNew(given, body, in: scope)
    }

    /// The one that the request names, or one of the service's that the caller can see. Throws `notFound`.
    private func credential(
        for service: StoredDocument, _ body: JSONObject, in scope: RequestScope
    ) async throws -> StoredDocument {
        guard service["subtype"] == "swarm" else {
            throw RoadsteadError(
                .unsupported,
                "\(service.id) is a \(service["subtype"]?.stringValue ?? "service"); only a swarm has stacks")
        }
        if let id = body["credential"]?.stringValue.flatMap({ ResourceID($0) }) {
            let credential = try await scope.get(id, with: .viewMeta)
            guard credential["parent"]?.stringValue == service.id.description else {
                throw RoadsteadError(.invalidInput, "\(id) is no credential of \(service.id)")
            }
            return credential
        }
        let query = DocumentQuery(type: "credential", filter: .equal("parent", .string(service.id.description)))
        let usable = try await scope.store.query(query).documents.filter {
            scope.rights(on: $0.body).contains(.viewMeta)
        }
        guard let found = usable.first(where: { $0["status"] == "VALID" }) ?? usable.first else {
            throw RoadsteadError(
                .notFound, "\(service.id) has no credential that you can use; add one, or ask for it to be shared")
        }
        return found
    }
}

// MARK: - Adopt

extension StackRegister {
    /// Makes a deployment, started, of a stack that is there: its Compose text rebuilt, as a module of its own. Nothing on the
    /// Swarm is touched, and a plan proves that deploying the text would change nothing.
    ///
    /// Throws `notFound` for a stack that is not there, `conflict` for one that a deployment has already, and `unsupported`
    /// with the differences when the text does not say all that is on the Swarm.
    func adopt(_ service: StoredDocument, _ body: JSONObject, in scope: RequestScope) async throws -> ResourceAnswer {
        guard let stack = body["stack"]?.stringValue, !stack.isEmpty else {
            throw RoadsteadError(.invalidInput, "stack is missing: say which one; the action stacks lists them")
        }
        if let owner = try await Self.owners(on: service, in: scope)[stack] { throw Self.taken(stack, owner) }
        let credential = try await credential(for: service, body, in: scope)
        let found = try await EngineAccess(store: scope.store, logger: scope.logger)
            .withEngine(credential: credential) { client in
                try await StackEngine(engine: client, clock: scope.context.clock, logger: scope.logger)
                    .adopt(stack: stack)
            }
        guard found.plan.changesNotesOnly else {
            let lines = found.plan.steps.filter(\.isChange).flatMap { $0.lines() }
            throw RoadsteadError(
                .unsupported,
                "stack \(stack) has parts that a Compose file cannot say; deploying the rebuilt text would change:\n"
                    + lines.prefix(40).joined(separator: "\n"))
        }
        let content = try Self.content(of: found.adoption, author: scope.requester.author)
        try await prove(content, of: stack, credential, in: scope)
        let module = try await module(of: found.adoption, content, in: scope)
        do {
            let id = try await deployment(
                of: stack, module: module, credential: credential.id, name: body["name"]?.stringValue, in: scope)
            try await record(found, on: id, service: service, in: scope)
            return .operation(.created(id.description, extras: ["warnings": JSONValue(found.adoption.notes)]))
        } catch {
            if let id = ResourceID(module) { _ = try? await resources(scope).delete(id, in: scope) }
            throw error
        }
    }

    /// The deployment as it will be made, its files and all, must be what is on the Swarm for every later update: with the
    /// options that those have. Nothing is kept yet.
    private func prove(
        _ content: JSONObject, of stack: String, _ credential: StoredDocument, in scope: RequestScope
    ) async throws {
        let deployment = StoredDocument(
            id: ResourceID(type: ResourceType.deployment.name, identifier: scope.context.ids.makeUUID()), revision: 0,
            body: ["stack-name": .string(stack), "module": ["content": .object(content)]])
        let desired = try DeploymentStack(deployment: deployment).desired(at: scope.now)
        let plan = try await EngineAccess(store: scope.store, logger: scope.logger)
            .withEngine(credential: credential) { client in
                try await StackEngine(engine: client, clock: scope.context.clock, logger: scope.logger)
                    .plan(desired, options: StackOptions(prune: .everything, resolveImage: .never)).plan
            }
        guard plan.changesNotesOnly else {
            throw RoadsteadError(
                .unsupported,
                "the rebuilt text of stack \(desired.name) would change it:\n"
                    + plan.steps.filter(\.isChange).flatMap { $0.lines() }.prefix(40).joined(separator: "\n"))
        }
    }

    private static func taken(_ stack: String, _ owner: StoredDocument) -> RoadsteadError {
        RoadsteadError(
            .conflict,
            "stack \(stack) belongs to \(owner.id) of \(owner["owner"]?.stringValue ?? "somebody") already, which is "
                + (owner["state"]?.stringValue ?? "up"), context: ["resource-id": owner.id.description])
    }

    /// The uniform service, over the two types that are made here.
    private func resources(_ scope: RequestScope) -> ResourceService {
        ResourceService(catalog: ResourceCatalog([modules, deployments], at: scope.now))
    }

    private static func content(of adoption: StackAdoption, author: String) throws -> JSONObject {
        var content: JSONObject = [
            "author": .string(author), "commit": .string("rebuilt from stack \(adoption.stack)"),
            "docker-compose": .string(flattened(adoption.text)),
        ]
        let files = try adoption.files.sorted { $0.key < $1.key }.map { path, data -> JSONValue in
            let name = String(path.split(separator: "/").last ?? "")
            guard let text = String(validating: data, as: UTF8.self) else {
                throw RoadsteadError(
                    .unsupported,
                    "config \(name) of stack \(adoption.stack) is no text, which an application cannot hold")
            }
            return ["file-name": .string(name), "file-content": .string(text)]
        }
        if !files.isEmpty { content["files"] = .array(files) }
        return content
    }

    private func module(
        of adoption: StackAdoption, _ content: JSONObject, in scope: RequestScope
    ) async throws -> String {
        let resources = resources(scope)
        // One project for each owner: paths are unique among all.
        let owner = ResourceID(scope.requester.activeClaim)?.identifier ?? scope.requester.activeClaim
        let project = "adopted-" + owner.prefix(60).map { $0.isLetter || $0.isNumber ? $0 : "-" }
        let query = DocumentQuery(type: ResourceType.module.name, filter: .equal("path", .string(project)), last: 1)
        if try await scope.store.query(query).documents.isEmpty {
            _ = try await resources.add(
                "module", ["subtype": "project", "path": .string(project), "name": "adopted stacks"], in: scope)
        }
        let path = "\(project)/\(adoption.stack)-\(scope.context.ids.makeUUID().prefix(8))"
        let answer = try await resources.add(
            "module",
            [
                "subtype": "application", "path": .string(path), "name": .string(adoption.stack),
                "compatibility": "swarm", "content": .object(content),
            ], in: scope)
        return try Self.id(answer)
    }

    /// Files of an application have no folders.
    private static func flattened(_ text: String) -> String {
        text.replacing("file: ./configs/", with: "file: ./").replacing("file: \"./configs/", with: "file: \"./")
    }

    private func deployment(
        of stack: String, module: String, credential: ResourceID, name: String?, in scope: RequestScope
    ) async throws -> ResourceID {
        let answer = try await resources(scope).add(
            "deployment",
            [
                "module": ["href": .string(module)], "parent": .string(credential.description),
                "stack-name": .string(stack), "name": .string(name ?? stack),
            ], in: scope)
        guard let id = ResourceID(try Self.id(answer)) else {
            throw RoadsteadError(.internal, "no deployment was made")
        }
        return id
    }

    private static func id(_ answer: ResourceAnswer) throws -> String {
        guard case .operation(let operation) = answer.content, let id = operation.resourceID else {
            throw RoadsteadError(.internal, "nothing was made")
        }
        return id
    }

    /// Started, with its first revision.
    private func record(
        _ found: AdoptedStack, on id: ResourceID, service: StoredDocument, in scope: RequestScope
    ) async throws {
        let deployment = try await scope.store.get(id)
        let sealer = scope.store.sealer
        let revision = RevisionDraft(
            id: ResourceID(type: ResourceType.deploymentRevision.name, identifier: scope.context.ids.makeUUID()),
            deployment: deployment, operation: "adopt", job: nil, author: scope.requester.author,
            content: RevisionContent(
                stack: StackRevision(found.plan.outcome.exposed), deployment: deployment, apiSecret: nil))
        let document = try revision.document(outcome: "succeeded", sealer: sealer)
        try await scope.store.write { transaction in
            let rivals = try transaction.query(Self.query(service.id)).documents.filter { other in
                other.id != id && DeploymentRules.state(of: other.body)?.isAtRest == false
                    && DeploymentStack(deployment: other).name == found.adoption.stack
            }
            guard rivals.isEmpty else {
                try transaction.delete(id)
                return
            }
            let number = try DeploymentHistory(deployment: deployment).add(document, in: transaction)
            let adopted = try transaction.modify(id) { body in
                body["state"] = .string(DeploymentState.started.rawValue)
                body["revision"] = .integer(number)
                body["services"] = JSONValue(revision.services)
            }
            try transaction.record(
                EventDraft(
                    .action, verb: "adopt", on: adopted.body, type: ResourceType.deployment.name, by: scope.requester))
        }
        guard try await scope.store.find(id) != nil else {
            throw RoadsteadError(.conflict, "stack \(found.adoption.stack) was taken by another deployment meanwhile")
        }
    }
}
