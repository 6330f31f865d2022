import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// What is Roadstead's own.
extension ClusterActions {
    /// Made once. The key is sealed in the cluster's document.
    func makeAuthority() async throws -> JSONValue {
        guard try await site.document().authority == nil else { return .null }
        let authority = try ClusterAuthority.make(cluster: site.specification.name, now: site.clock.now)
        let key = try ClusterSecrets.seal(
            authority.key, ClusterSecrets.authorityKey, of: site.id, by: site.store.sealer)
        try await note { document in
            guard document["authority"] == nil else { return }
            document["authority"] = .string(authority.certificate)
            document[ClusterSecrets.authorityKey] = key
        }
        return .null
    }

    /// The infrastructure service and its credential, and the cluster ready: in one transaction.
    func register() async throws -> JSONValue {
        let registration = ClusterRegistration(
            cluster: try await site.document(), specification: site.specification,
            managers: try await site.managers(), sealer: site.store.sealer)
        let certificate = try await registration.certificate(now: site.clock.now, in: site.store)
        return try await context.write { try registration.run(certificate, in: $0) }
    }

    func unregister() async throws -> JSONValue {
        let id = site.id
        try await context.write { try ClusterRegistration.remove(of: id, in: $0) }
        return .null
    }
}
