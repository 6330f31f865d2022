import DockerAPI
import DockerClient
import Logging
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadModel
import RoadsteadStore

/// What the Swarm says about deployments at this moment.
public struct DeploymentLive: Sendable {
    let context: ControlContext

    public init(context: ControlContext) { self.context = context }

    func engine(_ logger: Logger) -> DeploymentEngine {
        DeploymentEngine(store: context.store, clock: context.clock, logger: logger)
    }

    /// `{"stack", "services": [{"name", "mode", "image", "desired", "running", "tasks": [{"id", "slot"?, "node", "state",
    /// "desired", "error"?, "exit-code"?, "image", "since"}]}]}`, tasks newest first in each slot.
    func tasks(of deployment: StoredDocument, logger: Logger) async throws -> JSONValue {
        let stack = DeploymentStack(deployment: deployment).name
        return try await engine(logger).withTarget(of: deployment) { target in
            try await Self.listing(stack, target.client, target.engine)
        }
    }

    private static func listing(_ stack: String, _ client: EngineClient, _ engine: StackEngine) async throws
        -> JSONValue
    {
        let states = try await engine.services(stack: stack)
        let tasks = try await client.tasks(StackEngine.label(stack))
        let nodes = try await client.nodes()
        let names = Dictionary(nodes.map { ($0.id, $0.description?.hostname ?? $0.id) }, uniquingKeysWith: { $1 })
        let services = states.map { state -> JSONValue in
            let own = tasks.filter { $0.serviceID == state.id }.sorted(by: isBefore)
            return [
                "name": .string(state.key), "id": .string(state.id), "mode": .string(state.mode),
                "image": .string(state.image), "desired": JSONValue(state.desired),
                "running": JSONValue(state.running), "tasks": .array(own.map { task($0, names) }),
            ]
        }
        return ["stack": .string(stack), "services": .array(services)]
    }

    private static func isBefore(_ left: SwarmTask, _ right: SwarmTask) -> Bool {
        let (a, b) = (left.slot ?? 0, right.slot ?? 0)
        if a != b { return a < b }
        if a == 0, left.nodeID != right.nodeID { return (left.nodeID ?? "") < (right.nodeID ?? "") }
        return (left.createdAt?.millisecondsSinceEpoch ?? 0) > (right.createdAt?.millisecondsSinceEpoch ?? 0)
    }

    private static func task(_ task: SwarmTask, _ nodes: [String: String]) -> JSONValue {
        var json: JSONObject = ["id": .string(task.id)]
        if let slot = task.slot, slot > 0 { json["slot"] = JSONValue(slot) }
        json["node"] = task.nodeID.flatMap { $0.isEmpty ? nil : .string(nodes[$0] ?? $0) }
        json["state"] = .string(task.status.state.name)
        json["desired"] = task.desiredState.map { .string($0.name) }
        json["image"] = task.spec?.containerSpec?.image.map(JSONValue.string)
        json["since"] = task.status.timestamp.map { .string($0.description) }
        if let error = task.status.error, !error.isEmpty { json["error"] = .string(error) }
        let container = task.status.containerStatus
        if task.status.state.isTerminal, let code = container?.exitCode, container?.containerID?.isEmpty == false {
            json["exit-code"] = JSONValue(code)
        }
        return .object(json)
    }
}
