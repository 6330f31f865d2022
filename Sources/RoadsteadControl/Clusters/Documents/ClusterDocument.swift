import RoadsteadBasics
import RoadsteadClouds
import RoadsteadModel
import RoadsteadStore

/// A cluster's document, read.
struct ClusterDocument: Sendable {
    let stored: StoredDocument

    init(_ stored: StoredDocument) { self.stored = stored }

    var id: ResourceID { stored.id }
    var name: String { stored["name"]?.stringValue ?? id.identifier }
    var state: ClusterState { Self.state(of: stored.body) }
    var swarmID: String? { stored["swarm-id"]?.stringValue }
    var authority: String? { stored["authority"]?.stringValue }
    var seenFrom: [String] { stored["seen-from"]?.arrayValue?.compactMap(\.stringValue) ?? [] }
    var service: ResourceID? { stored["infrastructure-service"]?.stringValue.flatMap { ResourceID($0) } }
    var credential: ResourceID? { stored["infrastructure-credential"]?.stringValue.flatMap { ResourceID($0) } }

    static func state(of document: JSONObject) -> ClusterState {
        document["state"]?.stringValue.flatMap(ClusterState.init(rawValue:)) ?? .created
    }

    /// What it shall be.
    func specification() throws(RoadsteadError) -> ClusterSpecification {
        try ClusterSpecification(json: stored["specification"] ?? .null)
    }

    /// What was made live last; nil before that.
    func applied() throws(RoadsteadError) -> ClusterSpecification? {
        guard let json = stored["applied"] else { return nil }
        return try ClusterSpecification(json: json)
    }

    /// What is there, or what it shall be before that.
    func standing() throws(RoadsteadError) -> ClusterSpecification {
        if let applied = try applied() { return applied }
        return try specification()
    }

    /// What is there, with the engine that shall be.
    func upgraded() throws(RoadsteadError) -> ClusterSpecification { try Self.upgraded(stored.body) }

    func upgraded(to engine: ClusterEngine) throws(RoadsteadError) -> ClusterSpecification {
        var standing = try standing()
        standing.engine = engine
        return standing
    }

    static func upgraded(_ document: JSONObject) throws(RoadsteadError) -> ClusterSpecification {
        let wanted = try ClusterSpecification(json: document["specification"] ?? .null)
        guard let applied = document["applied"] else { return wanted }
        var standing = try ClusterSpecification(json: applied)
        standing.engine = wanted.engine
        return standing
    }

    /// The driver's id of what machines are put into.
    func thing(_ kind: CloudKind) -> String? { Self.thing(kind, in: stored.body) }

    static func thing(_ kind: CloudKind, in document: JSONObject) -> String? {
        document["things"]?.arrayValue?.first { $0["kind"]?.stringValue == kind.rawValue }?["id"]?.stringValue
    }

    /// Notes a thing, one of a kind.
    static func note(_ resource: CloudResource, in document: inout JSONObject) {
        let kind = JSONValue.string(resource.reference.kind.rawValue)
        let others = (document["things"]?.arrayValue ?? []).filter { $0["kind"] != kind }
        let thing: JSONValue = ["kind": kind, "id": .string(resource.reference.id), "name": .string(resource.name)]
        document["things"] = .array(others + [thing])
    }
}
