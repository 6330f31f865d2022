import DockerAPI
import RoadsteadBasics
import RoadsteadClouds
import RoadsteadModel

/// How one machine is at this moment: whether it lets us in, whether its engine answers, what the Swarm says of its node.
struct MachineStatus {
    let site: ClusterSite
    let machine: MachineDocument

    func look() async throws -> JSONValue {
        async let isEntered = site.hosts.answers(machine.name)
        async let node = node()
        async let power = powerState()
        let (found, answers) = (await node, await isEntered)
        var status: JSONObject = [
            "state": .string((try await power ?? state(found, answers)).rawValue), "ssh": .bool(answers),
            "engine": .bool(found?["state"] == "ready"),
        ]
        status["engine-version"] = machine.engineVersion.map(JSONValue.string)
        status["node"] = found.map(JSONValue.object)
        return .object(status)
    }

    /// The Swarm takes up to a minute to notice that a node is off.
    private func state(_ node: JSONObject?, _ answers: Bool) -> MachineState {
        guard [.running, .stopped, .lost].contains(machine.state), let node else { return machine.state }
        guard machine.state == .stopped else { return node["state"] == "ready" ? .running : .lost }
        return answers && node["state"] == "ready" ? .running : .stopped
    }

    /// What the driver knows better than the document: whether it is switched on.
    private func powerState() async throws -> MachineState? {
        guard let driver = site.driver, let id = machine.providerID else { return nil }
        do {
            switch try await driver.resource(.init(.machine, id))?.state {
            case .stopped: return .stopped
            case nil: return .removed
            case .pending, .ready, .removing, .failed: return nil
            }
        } catch { throw RoadsteadError(error, doing: "look at machine \(machine.name)") }
    }

    /// nil when it is none, or nobody can tell.
    private func node() async -> JSONObject? {
        guard let id = machine.nodeID, let swarm = try? await site.swarm(), let managers = try? await site.managers(),
            let node = try? await swarm.nodes(through: managers).first(where: { $0.id == id })
        else { return nil }
        var found: JSONObject = [:]
        found["state"] = node.status?.state.map(JSONValue.string)
        found["availability"] = node.spec.availability.map(JSONValue.string)
        found["role"] = node.spec.role.map(JSONValue.string)
        found["leader"] = .bool(node.managerStatus?.leader ?? false)
        return found
    }
}
