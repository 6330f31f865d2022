import RoadsteadBasics
import RoadsteadCompose
import RoadsteadModel
import RoadsteadStore

/// Applications: metadata in the module, one content document a version. A module's id may carry a version, as in
/// `module/<uuid>_3`.
struct ModuleRules: ResourceRules {
    let type = ResourceType.module

    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        try Self.checkKind(body)
        let path = body["path"]?.stringValue ?? ""
        try await checkPlace(path, isProject: ModuleSubtype(body) == .project, in: scope)
        var module = body.filter { $0.key != "content" }
        module["parent-path"] = .string(ModulePath.parent(of: path))
        let identifier = scope.context.ids.makeUUID()
        let id = ResourceID(type: type.name, identifier: identifier)
        let content = try await newVersion(body["content"], of: &module, in: scope)
        return ResourceDraft(module, identifier: identifier) { _, transaction in
            try Self.reserve(path, for: id, transaction)
            if let content { try transaction.insert(content) }
        }
    }

    private static func checkKind(_ body: JSONObject) throws(RoadsteadError) {
        guard body["subtype"] == "component" else { return }
        throw RoadsteadError(
            .invalidInput, "components are not deployed any more: make it an application with one service")
    }

    /// The content's document, the module being told of it: its number, and for Compose texts what they are made for and
    /// whether they can be deployed.
    private func newVersion(
        _ given: JSONValue?, of module: inout JSONObject, in scope: RequestScope
    ) async throws -> JSONObject? {
        guard let given else {
            if ModuleSubtype(module) == .application, module["compatibility"] == nil {
                module["compatibility"] = .string(ComposeCompatibility.swarm.rawValue)
            }
            return nil
        }
        var content = try ModuleContent.document(given, of: module, by: scope)
        try await ModuleReferences(scope: scope).check(content)
        let kept = try await SecretFileBasis(scope: scope).files(for: given, of: module)
        let secrets = try SecretFiles.take(from: &content, over: kept)
        module["versions"] = ModuleVersions(document: module).appending(content).json
        switch ModuleSubtype(module) {
        case .application:
            let text = content["docker-compose"]?.stringValue ?? ""
            module["compatibility"] =
                module["compatibility"] ?? .string(ComposeCompatibility.inferred(from: text).rawValue)
            ApplicationReading(content: content, secrets: secrets).note(in: &module)
        case .applicationsSets:
            module["apps-set-subtype"] = content["applications-sets"]?.arrayValue?.first?["subtype"]
        case .project, .kubernetes, .helm, nil: break
        }
        return try secrets.placed(in: content, sealer: scope.store.sealer)
    }

    private static func reserve(_ path: String, for id: ResourceID, _ transaction: StoreTransaction) throws {
        let key = UniqueKey(type: "module/path", key: path)
        // Nuvla's Python client looks for these words to tell this conflict from others.
        guard try transaction.find(key) == nil else {
            throw RoadsteadError(
                .conflict, "path '\(path)' already exists; choose another one, or edit that module",
                context: ["resource-id": id.description])
        }
        try transaction.reserve(key, for: id)
    }

    /// A project may stand at the root; everything else stands in a project that the caller may edit.
    private func checkPlace(_ path: String, isProject: Bool, in scope: RequestScope) async throws {
        let parent = ModulePath.parent(of: path)
        if parent.isEmpty {
            guard isProject else {
                throw RoadsteadError(
                    .invalidInput, "path '\(path)' must begin with a project, as in 'project/\(path)'")
            }
            return
        }
        let query = DocumentQuery(type: type.name, filter: .equal("path", .string(parent)), last: 1)
        guard let document = try await scope.store.query(query).documents.first else {
            throw RoadsteadError(.invalidInput, "there is no project '\(parent)'; add it before '\(path)'")
        }
        let rights = scope.rights(on: document.body)
        guard document["subtype"] == "project", rights.contains(.editMeta) || rights.contains(.editData) else {
            throw RoadsteadError.forbidden(document.id.description)
        }
    }

    /// Content makes a new version every time; without it only the metadata change.
    func edit(
        _ document: JSONObject, changes: JSONObject, removed: Set<String>, in scope: RequestScope
    ) async throws -> ResourceEdit {
        let metadata = changes.filter { $0.key != "content" }
        var edited = document.filter { !removed.contains($0.key) || $0.key == "compatibility" }.merging(metadata)
        guard let content = try await newVersion(changes["content"], of: &edited, in: scope) else {
            return ResourceEdit(edited)
        }
        return ResourceEdit(edited) { _, transaction in try transaction.insert(content) }
    }

    func delete(_ document: StoredDocument, in scope: RequestScope, transaction: StoreTransaction) throws {
        if document["subtype"] == "project" {
            let path = document["path"]?.stringValue ?? ""
            let children = DocumentQuery(type: type.name, filter: .equal("parent-path", .string(path)), last: 0)
            guard try transaction.query(children).count == 0 else {
                throw RoadsteadError(
                    .forbidden, "project '\(path)' is not empty; delete what it holds first",
                    context: ["resource-id": document.id.description])
            }
        }
        for href in ModuleVersions(document: document.body).hrefs where try transaction.find(href) != nil {
            try transaction.delete(href)
        }
    }

    func storedID(of id: ResourceID) -> ResourceID { ModuleVersions.split(id).module }

    /// A single read shows the addressed version's content, or the last one's.
    func present(_ document: JSONObject, of id: ResourceID, in scope: RequestScope) async throws -> JSONObject {
        guard let content = try await content(of: document, as: id, in: scope) else { return document }
        var mayEdit = false
        // What is shown of the module may lack its access list.
        if content[SecretFiles.names] != nil, let stored = try await scope.store.find(storedID(of: id)) {
            mayEdit = scope.rights(on: stored.body).contains(.editData)
        }
        var presented = document
        presented["content"] = .object(
            try SecretFiles.shown(content, withDigests: mayEdit, sealer: scope.store.sealer))
        return presented
    }

    /// The content of the version that the id addresses, as it is stored; nil where there is none.
    func content(
        of module: JSONObject, as id: ResourceID, in scope: RequestScope
    ) async throws -> JSONObject? {
        let versions = ModuleVersions(document: module)
        guard module["versions"] != nil, let href = try versions.content(of: id) else { return nil }
        guard let content = try await scope.store.find(href) else {
            throw RoadsteadError(.internal, "the content \(href) of \(id) is missing")
        }
        return content.body.filter { $0.key != "acl" }
    }

    func offers(_ operation: String, on document: JSONObject) -> Bool {
        switch operation {
        case "publish", "unpublish", "delete-version":
            document["subtype"] != "project" && document["versions"] != nil
        case ValidateApplicationJob.name:
            ModuleSubtype(document) == .application && ModuleVersions(document: document).last != nil
        default: true
        }
    }

    func perform(
        _ action: String, on document: StoredDocument, body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        let (module, _) = ModuleVersions.split(document.id)
        guard offers(action, on: document.body) else {
            throw RoadsteadError(
                .invalidInput,
                "\(module) is a \(document["subtype"]?.stringValue ?? "module"): '\(action)' does not apply")
        }
        guard action != ValidateApplicationJob.name else { return try await validate(document, in: scope) }
        try await scope.store.write { transaction in
            let stored = try transaction.get(module)
            var versions = ModuleVersions(document: stored.body)
            let last = versions.last
            let doomed = try versions.apply(action, to: document.id)
            if let doomed { try transaction.delete(doomed) }
            try transaction.modify(module) { body in
                body["versions"] = versions.json
                body["published"] = .bool(versions.isAnyPublished)
                // What was said of the version that is gone says nothing about the one that is now the last.
                if versions.last != last { body = body.filter { !Self.findings.contains($0.key) } }
            }
            try transaction.record(
                EventDraft(.action, verb: action, on: stored.body, type: type.name, by: scope.requester))
        }
        let words = ["publish": "published", "unpublish": "unpublished"][action] ?? "version deleted"
        return .message("\(words) successfully", document.id.description)
    }

    private static let findings: Set<String> = ["valid", "validation-message"]

    private func validate(_ document: StoredDocument, in scope: RequestScope) async throws -> ResourceAnswer {
        let (module, version) = ModuleVersions.split(document.id)
        _ = try ModuleVersions(document: document.body).index(of: document.id)
        let draft = JobDraft(
            ValidateApplicationJob.name, on: module, by: scope.requester,
            payload: version.map { ["version": JSONValue($0)] } ?? [:])
        let job = try await scope.store.write { try $0.enqueue(draft).id }
        return .operation(.accepted(draft.action, document.id.description, job: job.description))
    }
}

enum ModulePath {
    /// `lab/web` → `lab`; empty at the root.
    static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }
}
