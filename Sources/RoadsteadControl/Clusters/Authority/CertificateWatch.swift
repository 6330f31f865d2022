import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

extension JobSchedule {
    /// Tells, once a day, of the certificates of clusters that end within thirty days. There is no job: nothing is asked of
    /// anybody, since a new certificate stops an engine for a moment, and that is for people to say when.
    public static let certificateWatch = JobSchedule(name: "cluster-certificates", every: .seconds(86_400)) {
        transaction in
        try CertificateWatch(transaction: transaction).look()
        return []
    }
}

/// Which certificates of clusters end soon.
struct CertificateWatch {
    let transaction: StoreTransaction

    func look() throws {
        for document in try transaction.query(DocumentQuery(type: "cluster")).documents {
            let cluster = ClusterDocument(document)
            guard cluster.state.isUsable else { continue }
            let credential = try cluster.credential.flatMap { try transaction.find($0) }
            let warning = Self.warning(
                of: cluster, try transaction.machines(of: cluster.id), credential, at: transaction.now)
            guard warning != document["certificate-warning"]?.stringValue else { continue }
            let changed = try transaction.modify(cluster.id) {
                $0["certificate-warning"] = warning.map(JSONValue.string)
            }
            if let warning { try transaction.record(Self.event(warning, on: changed)) }
        }
    }

    /// A sentence for people; nil when all last longer.
    static func warning(
        of cluster: ClusterDocument, _ machines: [MachineDocument], _ credential: StoredDocument?, at now: Instant
    ) -> String? {
        let limit = now + EngineCertificate.margin
        let name = cluster.name
        if let authority = cluster.authority,
            let end = (try? IssuedCertificate(certificate: authority, key: Redacted("")))?.expiry, end <= limit
        {
            return
                "the authority of cluster \(name) ends \(CertificateTime.day(end)), and all certificates with it: make another "
                + "cluster and move to it before that"
        }
        var ends = machines.map { (name: $0.name, end: $0.certificateExpiry) }
        ends.append((name: "that of deployments", end: credential.flatMap { ClusterActions.end(ofCredential: $0) }))
        let ending = ends.compactMap { entry -> (name: String, end: Instant)? in
            guard let end = entry.end, end <= limit else { return nil }
            return (entry.name, end)
        }
        guard let first = ending.map({ $0.end }).min() else { return nil }
        return
            "certificates end, the first on \(CertificateTime.day(first)): "
            + "\(ending.map { $0.name }.joined(separator: ", ")); renew them (roadstead cluster upgrade \(name))"
    }

    private static func event(_ warning: String, on cluster: StoredDocument) -> EventDraft {
        var event = EventDraft(.alarm, verb: "certificates", on: cluster.body, type: "cluster", by: .system)
        event.text = warning
        event.severity = .high
        event.isSuccess = false
        return event
    }
}

extension MachineDocument {
    fileprivate var certificateExpiry: Instant? {
        stored["certificate-expiry"]?.stringValue.flatMap { Instant(rfc3339: $0) }
    }
}
