import RoadsteadBasics
import RoadsteadJobs
import RoadsteadStore

/// Writes the `deployment-parameter` documents of a deployment: what its services turned out to be.
struct DeploymentFacts {
    let deployment: StoredDocument
    let context: JobContext

    struct Fact: Hashable, Sendable {
        var name: String
        var node: String?
        var value: String
    }

    /// The host name, and the application's own output parameters, which its containers fill.
    func prepare(endpoint: String) async throws {
        let outputs = deployment["module"]?["content"]?["output-parameters"]?.arrayValue ?? []
        let names = outputs.compactMap { $0["name"]?.stringValue }
        let host = Self.host(of: endpoint)
        try await context.write { transaction in
            try store(Fact(name: "hostname", node: nil, value: host), in: transaction)
            for name in names { try store(Fact(name: name, node: nil, value: ""), keepsValue: true, in: transaction) }
        }
    }

    func write(_ services: [StackServiceState]) async throws {
        let facts = services.flatMap(Self.facts)
        try await context.write { transaction in
            for fact in facts { try store(fact, in: transaction) }
        }
    }

    private func store(_ fact: Fact, keepsValue: Bool = false, in transaction: StoreTransaction) throws {
        let document = DeploymentParameter.document(fact.name, node: fact.node, value: fact.value, of: deployment)
        guard let id = document["id"]?.stringValue.flatMap({ ResourceID($0) }) else { return }
        guard let known = try transaction.find(id) else {
            try transaction.insert(document)
            return
        }
        guard !keepsValue, known["value"]?.stringValue != fact.value else { return }
        try transaction.modify(id) { $0["value"] = .string(fact.value) }
    }

    /// Names as Nuvla's clients know them: `web.replicas.running`, `web.tcp.80`, `web.1.tcp.80`.
    static func facts(_ service: StackServiceState) -> [Fact] {
        var values = [
            ("image", service.image), ("mode", service.mode), ("service-id", service.id), ("node-id", service.key),
            ("replicas.desired", String(service.desired)), ("replicas.running", String(service.running)),
        ]
        values += service.ports.map { ("\($0.protocol).\($0.target)", String($0.published)) }
        values += service.hostPorts.map { port in
            let replica = port.replica.map { "\($0)." } ?? ""
            return ("\(replica)\(port.protocol).\(port.target)", port.address)
        }
        return values.map { Fact(name: "\(service.key).\($0)", node: service.key, value: $1) }
    }

    /// `10.0.0.1` of `https://10.0.0.1:2376`; a socket is on this machine.
    static func host(of endpoint: String) -> String {
        guard !endpoint.hasPrefix("unix://") else { return "localhost" }
        var text = Substring(endpoint)
        if let scheme = text.firstRange(of: "://") { text = text[scheme.upperBound...] }
        text = text.prefix { $0 != "/" }
        if text.hasPrefix("[") { return String(text.dropFirst().prefix { $0 != "]" }) }
        return String(text.prefix { $0 != ":" })
    }
}
