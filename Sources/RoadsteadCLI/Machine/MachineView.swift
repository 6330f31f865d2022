import RoadsteadBasics
import RoadsteadModel

/// A machine in docker-machine's words: what its listing, `url` and `status` say.
struct MachineView: Sendable {
    let machine: JSONObject

    var name: String { machine.title }

    private var state: MachineState? { MachineState(rawValue: machine.text("state")) }

    /// docker-machine's words for states (libmachine/state): Running, Stopped, Stopping, Starting, Error.
    var stateWord: String {
        switch state {
        case .running: "Running"
        case .stopped: "Stopped"
        case .planned, .making, .booting, .preparing, .prepared: "Starting"
        case .draining, .removing, .removed: "Stopping"
        case .lost: "Error"
        case nil: machine.text("state")
        }
    }

    /// Where its engine listens; empty while it does not.
    var url: String {
        let address = machine.text("address")
        guard !address.isEmpty, state == .running || state == .draining || state == .prepared else { return "" }
        return EngineAccess.dockerHost(address: address)
    }

    /// Whether DOCKER_HOST means it.
    func isActive(_ environment: [String: String]) -> Bool { !url.isEmpty && environment["DOCKER_HOST"] == url }

    /// Its cluster, and what it is there. Machines are named after their cluster, unless they were adopted.
    func swarm(_ clusters: [String: String]) -> String {
        let cluster = clusters[machine.text("parent")] ?? machine.text("parent")
        return machine.text("role") == MachineRole.manager.rawValue ? cluster + " (manager)" : cluster
    }

    var engine: String {
        let version = machine.text("engine-version")
        return version.isEmpty ? "" : "v" + version
    }

    var error: String {
        let message = machine.text("state-message")
        return message.isEmpty && state == .lost ? "it does not answer" : message
    }
}
