import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Finds the secret files that a new version of an application may keep without giving them anew.
struct SecretFileBasis {
    let scope: RequestScope

    /// Those of the version that the content was read from, by its `id`: one of the module's own, or of another application
    /// that the caller may see, so that a copy has them too. Those of the module's last version otherwise.
    func files(for given: JSONValue, of module: JSONObject) async throws -> SecretFiles {
        let versions = ModuleVersions(document: module)
        var basis = versions.last.flatMap { versions.href(at: $0) }
        if let named = given["id"]?.stringValue.flatMap({ ResourceID($0) }), named != basis,
            try await isUsable(named, versions)
        {
            basis = named
        }
        guard let basis, let content = try await scope.store.find(basis) else { return SecretFiles() }
        return try SecretFiles(of: content.body, sealer: scope.store.sealer)
    }

    private func isUsable(_ content: ResourceID, _ own: ModuleVersions) async throws -> Bool {
        guard content.type == ResourceType.moduleApplication.name else { return false }
        if own.hrefs.contains(content) { return true }
        let query = DocumentQuery(
            type: ResourceType.module.name, filter: .equal("versions/href", .string(content.description)), last: 1)
        guard let module = try await scope.store.query(query).documents.first else { return false }
        return scope.rights(on: module.body).contains(.viewData)
    }
}
