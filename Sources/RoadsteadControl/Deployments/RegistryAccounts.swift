import DockerClient
import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// The registry credentials that a deployment may use, opened for its engine alone.
struct RegistryAccounts {
    let store: DocumentStore

    /// By registry: those that the deployment names, and for other registries those that its owner can see.
    ///
    /// Throws `forbidden` for a named credential that the owner may not see: whoever can write an id into a deployment
    /// must not get at the account behind it.
    func auths(for deployment: StoredDocument) async throws -> [String: RegistryAuth] {
        var auths: [String: RegistryAuth] = [:]
        for credential in try await visible(to: deployment) {
            guard let (registry, auth) = try await account(credential), auths[registry] == nil else { continue }
            auths[registry] = auth
        }
        for id in Self.credentials(of: deployment) {
            let credential = try await store.get(id)
            try check(credential, deployment)
            guard let (registry, auth) = try await account(credential) else {
                throw RoadsteadError(.invalidState, "\(id) belongs to no registry any more; set its parent to one")
            }
            auths[registry] = auth
        }
        return auths
    }

    private static let subtype = "infrastructure-service-registry"

    private func visible(to deployment: StoredDocument) async throws -> [StoredDocument] {
        guard let owner = deployment["owner"]?.stringValue else { return [] }
        let query = DocumentQuery(
            type: "credential", filter: .equal("subtype", .string(Self.subtype)), visibleTo: [owner, Principal.user])
        return try await store.query(query).documents
    }

    /// nil when its registry is gone.
    private func account(_ credential: StoredDocument) async throws -> (registry: String, auth: RegistryAuth)? {
        guard let parent = credential["parent"]?.stringValue.flatMap({ ResourceID($0) }),
            let endpoint = try await store.find(parent)?["endpoint"]?.stringValue
        else { return nil }
        let registry = Self.registry(endpoint)
        let auth = RegistryAuth(
            username: credential["username"]?.stringValue, password: try store.opened("password", of: credential),
            serverAddress: registry == "docker.io" ? "https://index.docker.io/v1/" : registry)
        return (registry, auth)
    }

    private static func credentials(of deployment: StoredDocument) -> [ResourceID] {
        let own = deployment["registries-credentials"]?.arrayValue ?? []
        let preselected = deployment["module"]?["content"]?["registries-credentials"]?.arrayValue ?? []
        var seen: Set<String> = []
        return (own + preselected).compactMap(\.stringValue).filter { !$0.isEmpty && seen.insert($0).inserted }
            .compactMap { ResourceID($0) }
    }

    private func check(_ credential: StoredDocument, _ deployment: StoredDocument) throws {
        let owner = deployment["owner"]?.stringValue ?? ""
        let rights = AccessList.rights(on: credential.body, of: [owner, Principal.user])
        guard rights.contains(.viewMeta) else {
            throw RoadsteadError(
                .forbidden,
                "the owner of \(deployment.id) may not use \(credential.id); share the credential with \(owner)")
        }
        guard credential["subtype"]?.stringValue == Self.subtype else {
            throw RoadsteadError(.invalidInput, "\(credential.id) is no registry account")
        }
    }

    /// Host and port of an endpoint, as images name it.
    static func registry(_ endpoint: String) -> String {
        var text = Substring(endpoint)
        for scheme in ["https://", "http://"] where text.hasPrefix(scheme) { text = text.dropFirst(scheme.count) }
        let host = String(text.prefix { $0 != "/" })
        return ["index.docker.io", "registry-1.docker.io", "hub.docker.com"].contains(host) ? "docker.io" : host
    }
}
