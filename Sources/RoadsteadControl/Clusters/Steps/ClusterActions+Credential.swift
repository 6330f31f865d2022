import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

extension ClusterActions {
    /// Gives deployments a new certificate before theirs ends. The old one is good until then: those that use it go on.
    func renewCredential() async throws {
        let cluster = try await site.document()
        guard let id = cluster.credential, let document = try await site.store.find(id),
            let end = Self.end(ofCredential: document), end <= site.clock.now + EngineCertificate.margin
        else { return }
        let registration = ClusterRegistration(
            cluster: cluster, specification: site.specification, managers: [], sealer: site.store.sealer)
        let issued = try await registration.certificate(now: site.clock.now, in: site.store)
        let key = try ClusterSecrets.seal(issued.key, "key", of: id, by: site.store.sealer)
        try await context.write { transaction in
            guard try transaction.find(id) != nil else { return }
            try transaction.modify(id) { body in
                body["cert"] = .string(issued.certificate)
                body["key"] = key
            }
        }
    }

    static func end(ofCredential document: StoredDocument) -> Instant? {
        let text = document["cert"]?.stringValue
        return text.flatMap { (try? IssuedCertificate(certificate: $0, key: Redacted("")))?.expiry }
    }
}
