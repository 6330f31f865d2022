import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// The registries, chart repositories and credentials that a version names: whoever adds it must be able to see them.
struct ModuleReferences {
    let scope: RequestScope

    /// Throws `forbidden` for one that the caller cannot see or that is not there, `invalidInput` for one of another kind.
    func check(_ content: JSONObject) async throws {
        for registry in Self.ids(content["private-registries"]) {
            try await require(registry, subtype: "registry")
        }
        for credential in Self.ids(content["registries-credentials"]) {
            try await require(credential, subtype: "infrastructure-service-registry")
        }
        for repository in Self.ids(content["helm-repo-url"]) { try await require(repository, subtype: "helm-repo") }
        for credential in Self.ids(content["helm-repo-cred"]) { try await require(credential, subtype: nil) }
    }

    private static func ids(_ value: JSONValue?) -> [String] {
        (value?.arrayValue ?? [value].compactMap { $0 }).compactMap(\.stringValue).filter { !$0.isEmpty }
    }

    private func require(_ text: String, subtype: String?) async throws {
        guard let id = ResourceID(text) else {
            throw RoadsteadError(.invalidInput, "content names '\(text)', which is not the id of a resource")
        }
        guard let document = try await scope.store.find(id), scope.rights(on: document.body).contains(.viewMeta) else {
            throw RoadsteadError.forbidden(text)
        }
        guard let subtype, document["subtype"]?.stringValue != subtype else { return }
        throw RoadsteadError(
            .invalidInput,
            "content names \(text) as a \(subtype), and it is a \(document["subtype"]?.stringValue ?? id.type)")
    }
}
