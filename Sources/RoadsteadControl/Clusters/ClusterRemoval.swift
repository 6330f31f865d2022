import RoadsteadBasics
import RoadsteadClouds
import RoadsteadModel

/// One thing that goes with a cluster, or out of it.
struct ClusterRemoval: Sendable, Hashable, CustomStringConvertible {
    /// A kind of thing at a cloud, the type of a document, or `host` for a host that stays and leaves the Swarm.
    var kind: String
    /// The cloud's own id, the document's, or the host's address and port.
    var id: String
    var name: String

    init(kind: String, id: String, name: String) { (self.kind, self.id, self.name) = (kind, id, name) }

    init(_ resource: CloudResource) {
        self.init(kind: resource.reference.kind.rawValue, id: resource.reference.id, name: resource.name)
    }

    /// One that no driver has an id for yet goes by its name.
    init(_ machine: MachineDocument) {
        self.init(
            kind: machine.isGeneric ? "host" : CloudKind.machine.rawValue,
            id: machine.hostKey ?? machine.providerID ?? machine.name, name: machine.name)
    }

    var json: JSONValue { ["kind": .string(kind), "id": .string(id), "name": .string(name)] }

    var description: String { "\(kind) \(name) (\(id))" }
}
