import DockerAPI
import Foundation
import RoadsteadBasics
import Synchronization

extension FakeSwarm {
    /// Ends a running task of a service as a crash of its container does, and tells it like the task's own engine: as an
    /// event of the container. `isReplaced`: the Swarm starts another one at once.
    public func crash(service name: String, exitCode: Int = 1, isReplaced: Bool = false) {
        state.withLock { state in
            guard let service = Self.find(name, state.services),
                let index = state.tasks.firstIndex(where: {
                    $0.serviceID == service.id && $0.status.state == .running && $0.desiredState == .running
                })
            else { return }
            state.tasks[index].status.state = .failed
            state.tasks[index].status.timestamp = SystemClock().now
            state.tasks[index].status.error = "task: non-zero exit (\(exitCode))"
            state.tasks[index].status.containerStatus = TaskStatus.ContainerStatus(
                containerID: "c1", exitCode: exitCode)
            state.tasks[index].desiredState = .shutdown
            if isReplaced { Self.replace(state.tasks[index], &state) }
            Self.tell("die", of: service, &state)
        }
    }

    /// Brings the task that a crash has ended up again.
    public func recover(service name: String) {
        state.withLock { state in
            guard let service = Self.find(name, state.services),
                let failed = state.tasks.last(where: { $0.serviceID == service.id && $0.status.state == .failed })
            else { return }
            Self.replace(failed, &state)
            Self.tell("start", of: service, &state)
        }
    }

    private static func replace(_ task: SwarmTask, _ state: inout State) {
        var fresh = SwarmTask(
            id: state.nextID("task"), status: TaskStatus(state: .running, timestamp: SystemClock().now))
        (fresh.createdAt, fresh.serviceID, fresh.slot) = (SystemClock().now, task.serviceID, task.slot)
        (fresh.nodeID, fresh.spec, fresh.desiredState) = (task.nodeID, task.spec, .running)
        state.tasks.append(fresh)
    }

    private static func tell(_ action: String, of service: Service, _ state: inout State) {
        var attributes = service.spec.labels ?? [:]
        attributes["name"] = service.spec.name
        let event = EngineEvent(
            type: "container", action: action, actor: .init(id: "c1", attributes: attributes), scope: "local",
            timeNano: SystemClock().now.millisecondsSinceEpoch * 1_000_000)
        guard let line = try? JSONEncoder().encode(event) else { return }
        for watcher in state.watchers.values { watcher.yield(Array(line) + [UInt8(ascii: "\n")]) }
    }

    /// How many listen to events.
    public var watcherCount: Int { state.withLock { $0.watchers.count } }
}
