import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// A host that did not answer when it was taken out of its cluster: it keeps what was set up on it, and takes itself for a
/// node when it is back. Remembered in the cluster's document until it is taken in again or the cluster ends.
struct LeftHost: Sendable, Hashable {
    /// `ClusterHost.key`.
    var host: String
    /// The machine that it was.
    var machine: String
    var node: String?
    /// By which it is known.
    var hostKeys: [String]

    init?(_ machine: MachineDocument) {
        guard let host = machine.hostKey else { return nil }
        (self.host, self.machine, node, hostKeys) = (host, machine.name, machine.nodeID, machine.hostKeys)
    }

    init?(json: JSONValue) {
        guard let host = json["host"]?.stringValue, let machine = json["machine"]?.stringValue else { return nil }
        (self.host, self.machine, node) = (host, machine, json["node-id"]?.stringValue)
        hostKeys = json["host-keys"]?.arrayValue?.compactMap(\.stringValue) ?? []
    }

    var json: JSONValue {
        var object: JSONObject = [
            "host": .string(host), "machine": .string(machine), "host-keys": JSONValue(hostKeys),
        ]
        object["node-id"] = node.map(JSONValue.string)
        return .object(object)
    }

    var warning: String {
        "host \(host) did not answer when machine \(machine) was taken out: when it is back, it still has its containers and "
            + "takes itself for a node; add it to the hosts again, which clears it, or run there: "
            + "docker swarm leave --force"
    }
}

extension ClusterDocument {
    private static let leftHosts = "left-hosts"

    var leftHosts: [LeftHost] { Self.leftHosts(in: stored.body) }

    private static func leftHosts(in document: JSONObject) -> [LeftHost] {
        document[leftHosts]?.arrayValue?.compactMap { LeftHost(json: $0) } ?? []
    }

    static func note(_ left: LeftHost, in document: inout JSONObject) {
        let others = leftHosts(in: document).filter { $0.host != left.host }
        document[leftHosts] = .array((others + [left]).map(\.json))
    }

    /// Of the host of this key.
    static func forgetLeft(_ host: String, in document: inout JSONObject) {
        let others = leftHosts(in: document).filter { $0.host != host }
        document[leftHosts] = others.isEmpty ? .none : .array(others.map(\.json))
    }
}
