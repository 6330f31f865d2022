import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// The infrastructure service as which applications find a cluster, and the TLS credential of that.
struct ClusterRegistration: Sendable {
    let cluster: ClusterDocument
    let specification: ClusterSpecification
    /// Addresses of the managers' engines.
    let managers: [String]
    let sealer: Sealer

    static func endpoint(_ address: String) -> String {
        "https://" + (address.contains(":") ? "[\(address)]" : address) + ":2376"
    }

    /// What deployments enter the engines with.
    func certificate(now: Instant, in store: DocumentStore) async throws -> IssuedCertificate {
        let authority = try await ClusterSecrets.authority(of: cluster.id, in: store)
        return try authority.client("roadstead deployments", lifetime: .seconds(730 * 86_400), now: now)
    }

    /// Makes both, or brings those that are there up to date.
    func run(_ certificate: IssuedCertificate, in transaction: StoreTransaction) throws -> JSONValue {
        guard let manager = managers.first else {
            throw RoadsteadError(.invalidState, "\(cluster.id) has no manager that is a node")
        }
        let current = ClusterDocument(try transaction.get(cluster.id))
        let service = try put(current.service, type: "infrastructure-service", service(manager), in: transaction)
        let credential = try put(
            current.credential, type: "credential", [:], in: transaction
        ) { id in try self.credential(id, of: service, certificate) }
        try transaction.modify(cluster.id) { document in
            document["infrastructure-service"] = .string(service.description)
            document["infrastructure-credential"] = .string(credential.description)
            document["applied"] = .object(specification.json)
            document["state"] = .string(ClusterState.ready.rawValue)
            document["state-message"] = nil
        }
        return ["service": .string(service.description), "credential": .string(credential.description)]
    }

    private func put(
        _ known: ResourceID?, type: String, _ body: JSONObject, in transaction: StoreTransaction,
        _ complete: (ResourceID) throws -> JSONObject = { _ in [:] }
    ) throws -> ResourceID {
        if let known, try transaction.find(known) != nil {
            let more = try complete(known)
            try transaction.modify(known) { $0 = $0.merging(body).merging(more) }
            return known
        }
        let id = ResourceID(type: type, identifier: transaction.ids.makeUUID())
        let common: JSONObject = [
            "id": .string(id.description), "resource-type": .string(type),
            "acl": ClusterAccess.ofParts(cluster.stored.body),
        ]
        try transaction.insert(common.merging(body).merging(try complete(id)))
        return id
    }

    private func service(_ manager: String) -> JSONObject {
        [
            "name": .string(specification.name), "description": .string("Swarm of cluster \(specification.name)"),
            "subtype": "swarm", "method": "generic", "endpoint": .string(Self.endpoint(manager)), "state": "STARTED",
            "swarm-enabled": true, "swarm-manager": true, "online": true,
        ]
    }

    private func credential(
        _ id: ResourceID, of service: ResourceID, _ certificate: IssuedCertificate
    ) throws -> JSONObject {
        [
            "name": .string(specification.name), "description": .string("For cluster \(specification.name)"),
            "subtype": "infrastructure-service-swarm", "method": "infrastructure-service-swarm",
            "parent": .string(service.description), "ca": .string(cluster.authority ?? ""),
            "cert": .string(certificate.certificate),
            "key": try ClusterSecrets.seal(certificate.key, "key", of: id, by: sealer), "status": "VALID",
        ]
    }

    /// Leads applications to a manager that is there, when the one that they were led to is none any more.
    static func point(to managers: [String], of id: ResourceID, in transaction: StoreTransaction) throws {
        let endpoints = managers.map(endpoint)
        guard let service = ClusterDocument(try transaction.get(id)).service, let first = endpoints.first,
            let known = try transaction.find(service), let current = known["endpoint"]?.stringValue,
            !endpoints.contains(current)
        else { return }
        try transaction.modify(service) { $0["endpoint"] = .string(first) }
    }

    // MARK: - Removal

    /// Takes both away, and tells the deployments that were on the Swarm that they run no more.
    static func remove(of id: ResourceID, in transaction: StoreTransaction) throws {
        let cluster = ClusterDocument(try transaction.get(id))
        if let service = cluster.service {
            for deployment in try deployments(on: service, in: transaction) {
                for job in try transaction.unfinishedJobs(target: deployment.id) { try transaction.cancelJob(job.id) }
                try transaction.modify(deployment.id) { document in
                    document["state"] = .string(DeploymentState.stopped.rawValue)
                    document["reason"] = .string("its cluster \(cluster.name) was terminated")
                    document["health"] = nil
                    document["health-since"] = nil
                }
            }
        }
        for part in [cluster.credential, cluster.service].compactMap(\.self) where try transaction.find(part) != nil {
            try transaction.delete(part)
        }
        try transaction.modify(id) { document in
            document["infrastructure-service"] = nil
            document["infrastructure-credential"] = nil
        }
    }

    /// Those that are not at rest.
    static func deployments(on service: ResourceID, in transaction: StoreTransaction) throws -> [StoredDocument] {
        let query = DocumentQuery(
            type: "deployment", filter: .equal("infrastructure-service", .string(service.description)))
        return try transaction.query(query).documents.filter { DeploymentRules.state(of: $0.body)?.isAtRest == false }
    }
}
