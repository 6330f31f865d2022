import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// The API key that a deployment's containers get as `NUVLA_API_KEY` and `NUVLA_API_SECRET`: made at each start, kept by
/// updates, gone with the stop, together with every key that it has made.
///
/// It acts as the deployment itself, which may see itself and edit its parameters; where the application asks for its
/// user's rights (`requires-user-rights`, or data to work on), as the owner who pressed start, and then for no more and no
/// longer than the API key that the owner has pressed it by.
struct DeploymentKey: Sendable {
    let id: ResourceID
    private let secret: Redacted<String>
    private let identity: String
    private let roles: Set<String>
    private let author: String
    private let scope: KeyScope?
    private let expiry: Instant?
    private let maker: String?

    /// Throws `forbidden` when the deployment asks for the rights of its user and the caller is not its owner: whoever
    /// can read the key would act as the caller.
    static func make(for deployment: StoredDocument, in scope: RequestScope) async throws -> DeploymentKey {
        guard needsUserRights(deployment) else { return DeploymentKey(own: deployment, in: scope) }
        let (requester, owner) = (scope.requester, deployment["owner"]?.stringValue)
        guard let owner, owner == requester.activeClaim || owner == requester.userID else {
            throw RoadsteadError(
                .forbidden,
                "\(deployment.id) gives its containers the rights of its user (requires-user-rights, or data), which only "
                    + "its owner \(owner ?? "") can give: let the owner start it, or clone it and start the clone",
                context: ["resource-id": deployment.id.description])
        }
        return DeploymentKey(user: deployment, in: scope, expiry: try await ApiKey.expiryOfKey(behind: scope))
    }

    private init(own deployment: StoredDocument, in request: RequestScope) {
        id = ResourceID(type: ResourceType.credential.name, identifier: request.context.ids.makeUUID())
        secret = Redacted(SecretToken.apiKeySecret(request.context.ids))
        author = request.requester.author
        identity = deployment.id.description
        roles = [deployment.id.description, Principal.user, Principal.anonymous]
        (scope, expiry, maker) = (nil, nil, nil)
    }

    private init(user deployment: StoredDocument, in request: RequestScope, expiry: Instant?) {
        id = ResourceID(type: ResourceType.credential.name, identifier: request.context.ids.makeUUID())
        secret = Redacted(SecretToken.apiKeySecret(request.context.ids))
        author = request.requester.author
        identity = request.requester.activeClaim
        roles = request.requester.claims.filter { !$0.hasPrefix("session/") }
        (scope, self.expiry, maker) = (request.requester.scope, expiry, request.requester.key)
    }

    private static func needsUserRights(_ deployment: StoredDocument) -> Bool {
        deployment["module"]?["content"]?["requires-user-rights"] == true || hasData(deployment["data"])
    }

    /// Whether there are records or objects to work on: an empty `data` asks for nothing.
    static func hasData(_ data: JSONValue?) -> Bool {
        ["records", "objects"].contains { kind in
            data?[kind]?.objectValue?.contains { $0.value.arrayValue?.isEmpty == false } ?? false
        }
    }

    /// Takes the place of the keys of former starts.
    func insert(for deployment: StoredDocument, sealer: Sealer, in transaction: StoreTransaction) throws {
        try Self.remove(of: deployment.id, in: transaction)
        try transaction.insert(document(for: deployment))
        let sealed = try sealer.seal(secret.exposed, context: Sealer.context(deployment.id, Self.attribute))
        try transaction.modify(deployment.id) { body in
            body["api-credentials"] = ["api-key": .string(id.description)]
            body[Self.attribute] = .string(sealed)
        }
    }

    static let attribute = "api-secret"

    private func document(for deployment: StoredDocument) -> JSONObject {
        let owner = deployment["owner"]?.stringValue ?? Principal.admin
        let access = AccessList(owners: [Principal.admin], grants: [.viewMeta: [owner]])
        var body: JSONObject = [
            "id": .string(id.description), "resource-type": .string(ResourceType.credential.name),
            "subtype": "api-key", "method": "generate-api-key", "created-by": .string(author),
            "name": .string("key of deployment \(deployment["name"]?.stringValue ?? deployment.id.identifier)"),
            "parent": .string(deployment.id.description),
            "digest": .string(SecretToken.hash(SecretToken.normalizedApiKeySecret(secret.exposed))),
            "claims": ["identity": .string(identity), "roles": JSONValue(roles.sorted())],
            "acl": access.normalized().json,
        ]
        body["scope"] = scope?.json
        body["expiry"] = expiry.map { .string($0.description) }
        body[KeyLineage.attribute] = maker.map(JSONValue.string)
        return body
    }

    /// With the sessions that were opened by them.
    static func remove(of deployment: ResourceID, in transaction: StoreTransaction) throws {
        let query = DocumentQuery(
            type: ResourceType.credential.name, filter: .equal("parent", .string(deployment.description)))
        for key in try transaction.query(query).documents {
            try KeyLineage(transaction: transaction).end(key.id.description)
            try transaction.delete(key.id)
        }
    }
}
