import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Tries a service and a credential as somebody has typed them, before either is registered. Nothing is kept.
public struct ConnectionTest {
    public struct Finding: Sendable, Hashable {
        /// Whether what such a service is for, such as deployments, can be done with the credential.
        public let isUsable: Bool
        /// For people.
        public let message: String

        public init(isUsable: Bool, message: String) {
            self.isUsable = isUsable
            self.message = message
        }
    }

    private let scope: RequestScope

    public init(in scope: RequestScope) { self.scope = scope }

    /// `credential` holds the attributes of a credential of the subtype, secrets in clear. Takes a quarter of a minute at
    /// most. Throws `forbidden` for an endpoint that the caller may not register, `unsupported` for a subtype of which
    /// nothing can be tried.
    public func finding(endpoint: String, subtype: String, credential: JSONObject) async throws -> Finding {
        let scope = try scope.admitted("add", ResourceType.infrastructureService.name)
        guard CollectionAccess.allows(ResourceType.infrastructureService.access.add, scope.requester.claims) else {
            throw RoadsteadError.credentialsRequired
        }
        guard let kind = CheckedCredential(rawValue: subtype) else {
            throw RoadsteadError(.unsupported, "nothing can be tried with a credential of subtype '\(subtype)'")
        }
        try await LocalEndpointRules(scope: scope).check(endpoint)
        let probe = CredentialProbe(
            store: scope.store, clock: scope.context.clock, options: CredentialCheckJob.quick, logger: scope.logger)
        let finding = try await probe.finding(
            try draft(.credential, credential), as: kind,
            on: try draft(.infrastructureService, ["endpoint": .string(endpoint)]))
        return Finding(isUsable: finding.isUsable, message: finding.message)
    }

    private func draft(_ type: ResourceType, _ values: JSONObject) throws -> StoredDocument {
        let id = ResourceID(type: type.name, identifier: scope.context.ids.makeUUID())
        return StoredDocument(id: id, revision: 0, body: try scope.sealed(values, type: type, id: id))
    }
}
