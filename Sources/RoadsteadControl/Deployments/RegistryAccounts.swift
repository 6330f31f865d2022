import DockerClient
import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// The registry credentials that a deployment may use, opened for its engine alone.
struct RegistryAccounts {
    let store: DocumentStore

    /// Logins by registry. Of several accounts of one registry: the one that the deployment chooses
    /// (`registries-credentials`), then the one that the application's author has preselected, then one of the owner's own,
    /// then one that others share with the owner; a `VALID` one before others.
    struct Logins: Sendable {
        var auths: [String: RegistryAuth] = [:]
        /// Registries whose account is neither the owner's choice nor the owner's own: where it is refused, images are
        /// asked for without it. Anybody may share an account with everybody, and none must break others' deployments.
        var unchosen: Set<String> = []
    }

    func logins(for deployment: StoredDocument) async throws -> Logins {
        var logins = Logins()
        for credential in try await chosen(by: deployment.body) {
            guard let account = try await account(credential) else { throw Self.homeless(credential.id) }
            if let refusal = account.refusal { throw RoadsteadError(.invalidState, refusal) }
            logins.auths[account.registry] = logins.auths[account.registry] ?? account.auth
        }
        let owner = deployment["owner"]?.stringValue ?? ""
        for credential in try await preselected(by: deployment.body) + visible(to: owner) {
            guard let account = try await account(credential), account.refusal == nil,
                logins.auths[account.registry] == nil
            else { continue }
            logins.auths[account.registry] = account.auth
            if !Self.isOwn(credential, owner) { logins.unchosen.insert(account.registry) }
        }
        return logins
    }

    /// Before a deployment is begun. Throws `forbidden` for a chosen credential that the owner may not see: whoever can
    /// write an id into a deployment must not get at the account behind it. Those that the application's author has
    /// preselected were checked when the author did so; the owner need not see them.
    func check(_ deployment: JSONObject) async throws {
        for credential in try await chosen(by: deployment) {
            guard let endpoint = try await endpoint(of: credential) else { throw Self.homeless(credential.id) }
            if let refusal = SecretBinding.refusal(credential, at: endpoint) {
                throw RoadsteadError(.invalidState, refusal)
            }
        }
    }

    private static let subtype = "infrastructure-service-registry"

    // MARK: - Which

    private func chosen(by deployment: JSONObject) async throws -> [StoredDocument] {
        let owner = deployment["owner"]?.stringValue ?? ""
        var found: [StoredDocument] = []
        for id in Self.ids(deployment["registries-credentials"]) {
            guard let credential = try await store.find(id) else {
                throw RoadsteadError(
                    .notFound,
                    "registry credential \(id) is not there any more; choose another in registries-credentials")
            }
            let rights = AccessList.rights(on: credential.body, of: [owner, Principal.user])
            guard rights.contains(.viewMeta) else {
                throw RoadsteadError(
                    .forbidden,
                    "\(owner), who owns the deployment, may not use \(id); share the credential with \(owner)")
            }
            guard credential["subtype"]?.stringValue == Self.subtype else {
                throw RoadsteadError(.invalidInput, "\(id) is no registry account")
            }
            found.append(credential)
        }
        return found
    }

    /// One that is gone by now is left out: the registry's own answer tells.
    private func preselected(by deployment: JSONObject) async throws -> [StoredDocument] {
        var found: [StoredDocument] = []
        for id in Self.ids(deployment["module"]?["content"]?["registries-credentials"]) {
            guard let credential = try await store.find(id), credential["subtype"]?.stringValue == Self.subtype else {
                continue
            }
            found.append(credential)
        }
        return found
    }

    private func visible(to owner: String) async throws -> [StoredDocument] {
        guard !owner.isEmpty else { return [] }
        let query = DocumentQuery(
            type: "credential", filter: .equal("subtype", .string(Self.subtype)), visibleTo: [owner, Principal.user],
            order: [.init("created"), .init("id")])
        let ranked = try await store.query(query).documents.enumerated().map { index, credential in
            (Self.isOwn(credential, owner) ? 0 : 1, Self.validity(credential), index, credential)
        }
        return ranked.sorted { ($0.0, $0.1, $0.2) < ($1.0, $1.1, $1.2) }.map(\.3)
    }

    private static func isOwn(_ credential: StoredDocument, _ owner: String) -> Bool {
        AccessList.rights(on: credential.body, of: [owner]).contains(.editACL)
    }

    private static func validity(_ credential: StoredDocument) -> Int {
        ["VALID": 0, "INVALID": 2][credential["status"]?.stringValue ?? ""] ?? 1
    }

    private static func ids(_ list: JSONValue?) -> [ResourceID] {
        list?.arrayValue?.compactMap(\.stringValue).compactMap { ResourceID($0) } ?? []
    }

    // MARK: - Opened

    private static func homeless(_ id: ResourceID) -> RoadsteadError {
        RoadsteadError(.invalidState, "\(id) belongs to no registry any more; set its parent to one")
    }

    /// Of its registry; nil when that is gone.
    private func endpoint(of credential: StoredDocument) async throws -> String? {
        guard let parent = credential["parent"]?.stringValue.flatMap({ ResourceID($0) }) else { return nil }
        return try await store.find(parent)?["endpoint"]?.stringValue
    }

    private struct Account {
        let registry: String
        let auth: RegistryAuth
        /// Why its password must not be sent there.
        let refusal: String?
    }

    /// nil when its registry is gone.
    private func account(_ credential: StoredDocument) async throws -> Account? {
        guard let endpoint = try await endpoint(of: credential) else { return nil }
        let registry = Self.registry(endpoint)
        let auth = RegistryAuth(
            username: credential["username"]?.stringValue, password: try store.opened("password", of: credential),
            serverAddress: registry == "docker.io" ? "https://index.docker.io/v1/" : registry)
        return Account(
            registry: registry, auth: auth, refusal: SecretBinding.refusal(credential, at: endpoint))
    }

    /// Host and port of an endpoint, as images name it.
    static func registry(_ endpoint: String) -> String {
        var text = Substring(endpoint)
        for scheme in ["https://", "http://"] where text.hasPrefix(scheme) { text = text.dropFirst(scheme.count) }
        let host = String(text.prefix { $0 != "/" })
        return ["index.docker.io", "registry-1.docker.io", "hub.docker.com"].contains(host) ? "docker.io" : host
    }
}
