import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Applications: metadata in the module, one content document a version. A module's id may carry a version, as in
/// `module/<uuid>_3`.
struct ModuleRules: ResourceRules {
    let type = ResourceType.module

    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        let path = body["path"]?.stringValue ?? ""
        try await checkPlace(path, isProject: body["subtype"]?.stringValue == "project", in: scope)
        var module = body.filter { $0.key != "content" }
        module["parent-path"] = .string(ModulePath.parent(of: path))
        if body["subtype"] == "application", body["compatibility"] == nil { module["compatibility"] = "swarm" }
        let identifier = scope.context.ids.makeUUID()
        let id = ResourceID(type: type.name, identifier: identifier)
        var content: JSONObject?
        if let given = body["content"] {
            content = try ModuleContent.document(given, of: module, by: scope)
            module["versions"] = ModuleVersions([]).appending(content).json
        }
        return ResourceDraft(module, identifier: identifier) { [content] _, transaction in
            try Self.reserve(path, for: id, transaction)
            if let content { try transaction.insert(content) }
        }
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
        guard let given = changes["content"] else { return ResourceEdit(edited) }
        let content = try ModuleContent.document(given, of: document, by: scope)
        edited["versions"] = ModuleVersions(document: document).appending(content).json
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
        let versions = ModuleVersions(document: document)
        guard document["versions"] != nil, let href = try versions.content(of: id) else { return document }
        guard let content = try await scope.store.find(href) else {
            throw RoadsteadError(.internal, "the content \(href) of \(id) is missing")
        }
        var presented = document
        presented["content"] = .object(content.body.filter { $0.key != "acl" })
        return presented
    }

    func offers(_ operation: String, on document: JSONObject) -> Bool {
        guard ["publish", "unpublish", "delete-version"].contains(operation) else { return true }
        return document["subtype"] != "project" && document["versions"] != nil
    }

    func perform(
        _ action: String, on document: StoredDocument, body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        let (module, _) = ModuleVersions.split(document.id)
        guard offers(action, on: document.body) else {
            throw RoadsteadError(.invalidInput, "\(module) has no versions, so '\(action)' does not apply")
        }
        try await scope.store.write { transaction in
            let stored = try transaction.get(module)
            var versions = ModuleVersions(document: stored.body)
            let doomed = try versions.apply(action, to: document.id)
            if let doomed { try transaction.delete(doomed) }
            try transaction.modify(module) { body in
                body["versions"] = versions.json
                body["published"] = .bool(versions.isAnyPublished)
            }
        }
        let words = ["publish": "published", "unpublish": "unpublished"][action] ?? "version deleted"
        return .message("\(words) successfully", document.id.description)
    }
}

enum ModulePath {
    /// `lab/web` → `lab`; empty at the root.
    static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }
}
