import RoadsteadBasics
import RoadsteadClient

/// Puts applications on the server: their project, themselves, and a new version when the content differs.
struct ApplicationStore: Sendable {
    let client: APIClient

    /// Which version of which application a deployment is made from.
    struct Version: Sendable {
        var module: JSONObject
        /// `module/<uuid>_<n>`
        var reference: String
        var isNew: Bool
    }

    /// `project/name`; a bare name goes into the caller's own project, which is called like them.
    func path(_ name: String, project: String?) async throws(RoadsteadError) -> String {
        if name.contains("/") { return name }
        if let project { return project + "/" + name }
        return try await ownProject() + "/" + name
    }

    /// The project is named after the login: `ada` for `ada@example.org`.
    private func ownProject() async throws(RoadsteadError) -> String {
        guard let session = try await client.currentSession() else {
            throw RoadsteadError(.unauthenticated, "you are not logged in at \(client.server)")
        }
        let login = session["identifier"]?.stringValue ?? session.text("user")
        return Self.projectName(login)
    }

    static func projectName(_ login: String) -> String {
        let local = login.split(separator: "@").first ?? "apps"
        let name = (local.split(separator: "/").last ?? local).unicodeScalars.map { scalar -> Character in
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || (48...57).contains(scalar.value))
            return isPlain || "_-.".unicodeScalars.contains(scalar) ? Character(scalar) : "-"
        }
        let trimmed = String(name).trimmingPrefix { !$0.isLetter && !$0.isNumber }
        return trimmed.isEmpty ? "apps" : String(trimmed)
    }

    func find(path: String) async throws(RoadsteadError) -> JSONObject? {
        let filter = "path=\(try FilterText.quoted(path))"
        guard let found = try await client.query("module", ClientQuery(filter: filter, last: 1)).documents.first
        else { return nil }
        return try await client.get(try found.requireID())
    }

    /// Makes the application, or adds a version to it, or leaves it when nothing changed.
    func put(
        path: String, name: String, description: String?, content: ApplicationContent, commit: String
    ) async throws(RoadsteadError) -> Version {
        let author = try await author()
        guard let module = try await find(path: path) else {
            return try await create(path, name, description, content, content.document(author: author, commit: commit))
        }
        var changes = Self.metadata(description, content).filter { module[$0.key] != $0.value }
        let isNew = module["content"]?.objectValue.map { !content.isSame(as: $0) } ?? true
        if isNew { changes["content"] = .object(content.document(author: author, commit: commit)) }
        guard !changes.isEmpty else {
            return try Version(module: module, reference: Self.reference(module), isNew: false)
        }
        // The answer and not a later look: somebody else's version may come right behind.
        let changed = try await client.edit(try module.requireID(), changes)
        return try Version(module: changed, reference: Self.reference(changed), isNew: isNew)
    }

    /// The version that `put` would make, as far as a plan must know it. Nothing is stored.
    func draft(
        path: String, name: String, content: ApplicationContent
    ) async throws(RoadsteadError) -> Version {
        var module: JSONObject = [
            "name": .string(name), "content": .object(content.document(author: try await author(), commit: "planned")),
        ]
        module["id"] = try await find(path: path)?["id"]
        return Version(module: module, reference: "", isNew: true)
    }

    /// What is said of the application as a whole; a description on the command line wins over the file's.
    private static func metadata(_ description: String?, _ content: ApplicationContent) -> JSONObject {
        var metadata = content.manifest.metadata
        if let description { metadata["description"] = .string(description) }
        return metadata
    }

    private func create(
        _ path: String, _ name: String, _ description: String?, _ content: ApplicationContent, _ version: JSONObject
    ) async throws(RoadsteadError) -> Version {
        if let slash = path.lastIndex(of: "/") { try await ensureProject(String(path[..<slash])) }
        let document = Self.metadata(description, content).merging([
            "subtype": "application", "compatibility": "swarm", "path": .string(path), "name": .string(name),
            "content": .object(version),
        ])
        let id = try await client.add("module", document).requireResource()
        let first = ResourceID(type: id.type, identifier: id.identifier + "_0")
        return Version(module: try await client.get(first), reference: first.description, isNew: true)
    }

    private func ensureProject(_ path: String) async throws(RoadsteadError) {
        guard try await find(path: path) == nil else { return }
        if let slash = path.lastIndex(of: "/") { try await ensureProject(String(path[..<slash])) }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        do {
            _ = try await client.add("module", ["subtype": "project", "path": .string(path), "name": .string(name)])
        } catch  where error.code == .conflict {
            // Somebody made it meanwhile, or it is there and not ours to see: the application's own answer tells.
        }
    }

    private func author() async throws(RoadsteadError) -> String {
        let session = try await client.currentSession()
        return session?["identifier"]?.stringValue ?? session?["user"]?.stringValue ?? "unknown"
    }

    /// The newest version that has not been deleted.
    static func reference(_ module: JSONObject) throws(RoadsteadError) -> String {
        let id = try module.requireID()
        let versions = module["versions"]?.arrayValue ?? []
        guard let index = versions.lastIndex(where: { !$0.isNull }) else { return id.description }
        return "\(id)_\(index)"
    }
}
