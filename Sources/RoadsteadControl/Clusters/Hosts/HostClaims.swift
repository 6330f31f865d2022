import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// A host is one machine, of one cluster.
enum HostClaims {
    /// The machine of another cluster that is at one of the addresses.
    static func other(
        _ hosts: [ClusterHost], than cluster: ResourceID, in transaction: StoreTransaction
    ) throws -> MachineDocument? {
        for host in hosts {
            let query = DocumentQuery(type: "machine", filter: .equal("address", .string(host.address)))
            let found = try transaction.query(query).documents.map(MachineDocument.init).first {
                $0.hostKey == host.key && $0.cluster != cluster && $0.state != .removed
            }
            if let found { return found }
        }
        return nil
    }

    /// - Parameter cluster: how the other one is called; nil for one that is not the caller's to see.
    static func conflict(_ machine: MachineDocument, of cluster: String?) -> RoadsteadError {
        let whose = cluster.map { "machine \(machine.name) of cluster \($0)" } ?? "a machine of another cluster"
        return RoadsteadError(
            .conflict,
            "host \(machine.hostKey ?? "") is \(whose) already: take it out of that one first, or take another host")
    }

    /// Another machine that is the same host under another name: the same machine-id(5), and an address in common. The id
    /// alone would refuse copies of one disk image.
    static func twin(
        of machine: MachineDocument, id: String?, addresses: [String], in transaction: StoreTransaction
    ) throws -> MachineDocument? {
        guard machine.isGeneric, let id, !addresses.isEmpty else { return nil }
        let query = DocumentQuery(type: "machine", filter: .equal("machine-id", .string(id)))
        return try transaction.query(query).documents.map(MachineDocument.init).first { other in
            other.id != machine.id && other.isGeneric && other.hostKey != machine.hostKey && other.state.isLiving
                && !other.addresses.isDisjoint(with: addresses)
        }
    }

    static func twins(_ machine: MachineDocument, _ other: MachineDocument) -> RoadsteadError {
        let (host, twin) = (machine.hostKey ?? machine.name, other.hostKey ?? other.name)
        let whose = other.cluster == machine.cluster ? "machine \(other.name)" : "a machine of another cluster"
        return RoadsteadError(
            .invalidState,
            "host \(host) of machine \(machine.name) is the same as \(twin), which is \(whose): one host cannot be two "
                + "nodes; take one of the two out of the hosts")
    }
}
