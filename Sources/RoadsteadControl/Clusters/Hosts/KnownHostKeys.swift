import RemoteHosts
import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// By which keys a cluster knows its hosts, whichever machine each was or is: one that was made anew is not taken in silence
/// because its machine is replaced.
struct KnownHostKeys: Sendable {
    private var keys: [String: [String]] = [:]

    init(_ machines: [MachineDocument], _ left: [LeftHost]) {
        for host in left { keys[host.host] = host.hostKeys }
        for machine in machines where !machine.hostKeys.isEmpty {
            if let host = machine.hostKey { keys[host] = machine.hostKeys }
        }
    }

    func pin(_ host: ClusterHost?, in draft: inout JSONObject) {
        guard let host, let known = keys[host.key], !known.isEmpty else { return }
        draft["host-keys"] = JSONValue(known)
    }
}

extension HostFacts {
    /// Whether its engine was set up to take the certificates of this authority, and no others.
    func takesClients(of authority: String) -> Bool {
        engineAuthority == authority.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
