import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// A machine's document, read.
struct MachineDocument: Sendable {
    let stored: StoredDocument

    init(_ stored: StoredDocument) { self.stored = stored }

    var id: ResourceID { stored.id }
    var name: String { text("name") ?? id.identifier }
    var role: MachineRole { text("role").flatMap(MachineRole.init(rawValue:)) ?? .worker }
    var state: MachineState { Self.state(of: stored.body) }
    var driver: String { text("driver") ?? "" }
    var isGeneric: Bool { driver == ClusterSpecification.generic }
    var zone: String? { text("zone") }
    var providerID: String? { text("provider-id") }
    var address: String? { text("address") }
    /// Where the other machines reach it.
    var inwardAddress: String? { text("private-address") ?? address }
    var port: Int { stored["port"]?.integerValue.map(Int.init) ?? 22 }
    var user: String { text("user") ?? "root" }
    var hostKeys: [String] { texts("host-keys") }
    var nodeID: String? { text("node-id") }
    var engineVersion: String? { text("engine-version") }
    var enginePackages: ClusterEngine.Packages? { text("engine-packages").flatMap(ClusterEngine.Packages.init) }
    /// What its node was before its tasks were sent away to change its engine; nil while they were not.
    var setAside: String? { text("set-aside") }
    var ownLabels: Set<String> { Set(texts("own-labels")) }
    /// That the host itself has.
    var addresses: Set<String> { Set(texts("addresses")) }
    /// What the driver knows it by.
    var token: String { text("token") ?? name }
    var cluster: ResourceID? { text("parent").flatMap { ResourceID($0) } }

    /// Whether it is in the Swarm, as far as we know, and not on its way out.
    var isNode: Bool { nodeID != nil && ![.removing, .removed].contains(state) }

    /// `ClusterHost.key` of the host that it is; nil for machines that a driver made.
    var hostKey: String? {
        isGeneric ? address.map { ClusterHost(address: $0, port: port, role: role).key } : nil
    }

    static func state(of document: JSONObject) -> MachineState {
        document["state"]?.stringValue.flatMap(MachineState.init(rawValue:)) ?? .planned
    }

    private func text(_ name: String) -> String? { stored[name]?.stringValue }
    private func texts(_ name: String) -> [String] {
        stored[name]?.arrayValue?.compactMap(\.stringValue) ?? []
    }

    /// As far as the document tells.
    var asWritten: ClusterMachine {
        var machine = ClusterMachine(
            name, role, state, zone: zone, host: hostKey, ownLabels: ownLabels, engineVersion: engineVersion,
            size: text("size"))
        machine.enginePackages = enginePackages
        machine.isSetAside = setAside != nil
        return machine
    }

    /// Puts a document into the state, where it can follow.
    static func become(_ state: MachineState, _ document: inout JSONObject) {
        guard Self.state(of: document).mayBecome(state) else { return }
        document["state"] = .string(state.rawValue)
        document["state-message"] = nil
    }
}

extension MachineDocument {
    /// A machine that shall be: written down before anybody is asked for it.
    ///
    /// The token is of this document alone: what once was a machine of the same name is another one.
    static func draft(
        _ member: ClusterRoster.Member, of cluster: StoredDocument, _ specification: ClusterSpecification,
        identifier: String
    ) -> JSONObject {
        var body: JSONObject = [
            "id": .string("machine/" + identifier), "resource-type": "machine",
            "parent": .string(cluster.id.description), "name": .string(member.name),
            "role": .string(member.role.rawValue), "state": .string(MachineState.planned.rawValue),
            "driver": .string(specification.driver), "token": .string("machine/\(member.name)#\(identifier)"),
            "acl": ClusterAccess.ofParts(cluster.body),
        ]
        body["zone"] = member.zone.map(JSONValue.string)
        guard let host = member.host else {
            body["size"] = .string(specification.size)
            body["image"] = .string(specification.image)
            return body
        }
        body["address"] = .string(host.address)
        body["port"] = JSONValue(host.port)
        body["user"] = .string(host.user)
        body["jump"] = host.jump.map {
            ["address": .string($0.address), "port": JSONValue($0.port), "user": .string($0.user)]
        }
        return body
    }
}

extension StoreTransaction {
    /// Adds a machine whose name no other of its cluster has.
    func insertMachine(_ draft: JSONObject, of cluster: ResourceID) throws {
        let machine = MachineDocument(try insert(draft))
        try reserve(MachineDocument.key(machine.name, of: cluster), for: machine.id)
    }

    /// The machines of a cluster.
    func machines(of cluster: ResourceID) throws -> [MachineDocument] {
        try query(MachineDocument.query(cluster)).documents.map(MachineDocument.init)
    }
}

extension DocumentStore {
    func machines(of cluster: ResourceID) async throws -> [MachineDocument] {
        try await query(MachineDocument.query(cluster)).documents.map(MachineDocument.init)
    }

    /// Its managers, in whatever state.
    func managers(of cluster: ResourceID) async throws -> [MachineDocument] {
        var query = MachineDocument.query(cluster)
        // Hundreds of workers are asked for them, one after the other.
        query.filter = query.filter.map { $0 && .equal("role", .string(MachineRole.manager.rawValue)) }
        return try await self.query(query).documents.map(MachineDocument.init)
    }

    /// Throws notFound when the cluster has no machine of that name.
    func machine(_ name: String, of cluster: ResourceID) async throws -> MachineDocument {
        guard let document = try await find(MachineDocument.key(name, of: cluster)) else {
            throw RoadsteadError(.notFound, "\(cluster) has no machine '\(name)'")
        }
        return MachineDocument(document)
    }
}

extension MachineDocument {
    fileprivate static func key(_ name: String, of cluster: ResourceID) -> UniqueKey {
        UniqueKey(type: "machine", key: "\(cluster.identifier)/\(name)")
    }

    fileprivate static func query(_ cluster: ResourceID) -> DocumentQuery {
        DocumentQuery(type: "machine", filter: .equal("parent", .string(cluster.description)))
    }
}
