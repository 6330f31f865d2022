import DockerAPI
import DockerClient
import Foundation
import RoadsteadBasics
import Synchronization

extension FakeSwarm {
    func services(_ request: FakeRequest, _ rest: [String]) -> FakeReply {
        state.withLock { state in
            switch (request.method, rest.count, rest.last) {
            case ("GET", 0, _): .json(state.services.filter { Self.matches($0, request.filters) })
            case ("POST", 1, "create"): create(request, &state)
            case ("GET", 1, let id?): Self.find(id, state.services).map { .json($0) } ?? Self.noService(id)
            case ("POST", 2, "update"): update(request, rest[0], &state)
            case ("DELETE", 1, let id?): Self.remove(id, &state)
            case ("GET", 2, "logs"): logs(request, rest[0], state)
            default: .error(404, "page not found")
            }
        }
    }

    func tasks(_ request: FakeRequest, _ rest: [String]) -> FakeReply {
        state.withLock { state in
            switch rest.count {
            case 0: .json(state.tasks.filter { Self.matches($0, request.filters, state) })
            case 1:
                state.tasks.first { $0.id == rest[0] }.map { .json($0) } ?? .error(404, "task \(rest[0]) not found")
            default: logs(request, rest[0], state)
            }
        }
    }

    private static func noService(_ id: String) -> FakeReply { .error(404, "service \(id) not found") }

    static func find(_ id: String, _ services: [Service]) -> Service? {
        services.first { $0.id == id } ?? services.first { $0.spec.name == id }
    }

    private static func matches(_ service: Service, _ filters: [String: [String]]) -> Bool {
        filters.allSatisfy { name, values in
            switch name {
            case "id": values.contains { service.id.hasPrefix($0) }
            case "name": values.contains { (service.spec.name ?? "").hasPrefix($0) }
            case "label": values.allSatisfy { hasLabel(service.spec.labels, $0) }
            default: true
            }
        }
    }

    private static func matches(_ task: SwarmTask, _ filters: [String: [String]], _ state: State) -> Bool {
        let service = state.services.first { $0.id == task.serviceID }
        return filters.allSatisfy { name, values in
            switch name {
            case "id": values.contains { task.id.hasPrefix($0) }
            case "service": values.contains { task.serviceID == $0 || service?.spec.name == $0 }
            case "desired-state": values.contains { task.desiredState?.name == $0 }
            case "label": values.allSatisfy { hasLabel(service?.spec.labels, $0) }
            default: true
            }
        }
    }

    static func hasLabel(_ labels: [String: String]?, _ wanted: String) -> Bool {
        let parts = wanted.split(separator: "=", maxSplits: 1).map(String.init)
        guard let value = labels?[parts[0]] else { return false }
        return parts.count == 1 || value == parts[1]
    }

    private func create(_ request: FakeRequest, _ state: inout State) -> FakeReply {
        guard let spec = request.decode(ServiceSpec.self), let name = spec.name else {
            return .error(400, "invalid spec")
        }
        guard !state.services.contains(where: { $0.spec.name == name }) else {
            return .error(
                409,
                "rpc error: code = AlreadyExists desc = name conflicts with an existing object: service \(name) already exists"
            )
        }
        var service = Service(id: state.nextID("service"), version: ObjectVersion(index: state.nextIndex()), spec: spec)
        service.createdAt = SystemClock().now
        service.updatedAt = service.createdAt
        service.endpoint = ServiceEndpoint(spec: spec.endpointSpec, ports: spec.endpointSpec?.ports)
        state.services.append(service)
        makeTasks(service, &state)
        Self.emit(&state, "service", "create", id: service.id, name: name)
        return .json(["ID": service.id], status: 201)
    }

    private func update(_ request: FakeRequest, _ id: String, _ state: inout State) -> FakeReply {
        guard let spec = request.decode(ServiceSpec.self) else { return .error(400, "invalid spec") }
        guard let found = Self.find(id, state.services), let index = state.services.firstIndex(of: found) else {
            return Self.noService(id)
        }
        guard request.query["version"] == String(found.version.index) else { return Self.outOfSequence }
        var service = found
        service.previousSpec = found.spec
        service.spec = request.query["rollback"] == "previous" ? found.previousSpec ?? spec : spec
        service.version = ObjectVersion(index: state.nextIndex())
        service.updatedAt = SystemClock().now
        service.endpoint = ServiceEndpoint(spec: spec.endpointSpec, ports: spec.endpointSpec?.ports)
        state.services[index] = service
        if service.spec != found.spec {
            service.updateStatus = UpdateStatus(state: "completed", message: "update completed")
            state.services[index] = service
            if service.spec.taskTemplate != found.spec.taskTemplate { Self.end(service.id, &state) }
            makeTasks(service, &state)
        }
        Self.emit(&state, "service", "update", id: service.id, name: service.spec.name ?? "")
        return .json([String: [String]](), status: 200)
    }

    private static func remove(_ id: String, _ state: inout State) -> FakeReply {
        guard let service = find(id, state.services) else { return noService(id) }
        state.services.removeAll { $0.id == service.id }
        state.tasks.removeAll { $0.serviceID == service.id }
        emit(&state, "service", "remove", id: service.id, name: service.spec.name ?? "")
        return .empty()
    }

    /// Ends all tasks of a service, as the Swarm does when their template changes.
    private static func end(_ service: String, _ state: inout State) {
        for index in state.tasks.indices where state.tasks[index].serviceID == service {
            state.tasks[index].desiredState = .shutdown
            state.tasks[index].status.state = .shutdown
        }
    }

    /// Brings the number of live tasks to what the service wants.
    private func makeTasks(_ service: Service, _ state: inout State) {
        Self.makeVolumes(service, &state)
        let mode = service.spec.mode
        let wanted = Int(mode?.replicated?.replicas ?? mode?.replicatedJob?.totalCompletions ?? 1)
        let live = state.tasks.indices.filter {
            state.tasks[$0].serviceID == service.id && state.tasks[$0].desiredState != .shutdown
        }
        for index in live.dropFirst(wanted) {
            (state.tasks[index].desiredState, state.tasks[index].status.state) = (.shutdown, .shutdown)
        }
        for slot in live.count..<max(live.count, wanted) {
            var task = SwarmTask(
                id: state.nextID("task"), status: TaskStatus(state: .running, timestamp: SystemClock().now))
            task.version = ObjectVersion(index: state.nextIndex())
            task.createdAt = SystemClock().now
            (task.serviceID, task.slot, task.nodeID) = (service.id, slot + 1, state.nodes.first?.id)
            (task.spec, task.desiredState) = (service.spec.taskTemplate, .running)
            if mode?.isJob == true {
                task.status.state = .complete
                (task.desiredState, task.jobIteration) = (.complete, ObjectVersion(index: 0))
            }
            state.tasks.append(fate(service, task))
        }
    }

    /// What the service's command line would write, framed as the engine does it.
    private func logs(_ request: FakeRequest, _ id: String, _ state: State) -> FakeReply {
        let task = state.tasks.first { $0.id == id }
        guard let service = Self.find(task?.serviceID ?? id, state.services) else {
            return request.path.hasPrefix("/tasks") ? .error(404, "task \(id) not found") : Self.noService(id)
        }
        let container = service.spec.taskTemplate.containerSpec
        let command = FakeCommand((container?.command ?? []) + (container?.args ?? []))
        let isFramed = container?.tty != true
        var bytes: [UInt8] = []
        for task in state.tasks
        where task.serviceID == service.id && (task.id == id || request.path.hasPrefix("/services")) {
            let details =
                "com.docker.swarm.node.id=\(task.nodeID ?? ""),com.docker.swarm.service.id=\(service.id),"
                + "com.docker.swarm.task.id=\(task.id)"
            for line in command.output {
                let text = "2026-01-02T03:04:05.123456789Z \(details) \(line.text)\n"
                bytes += isFramed ? FakeFrame.make(line.stream, text) : Array(text.utf8)
            }
        }
        let type = request.version.flatMap { APIVersion($0) } ?? APIVersion.oldest
        let headers =
            type < APIVersion(1, 42)
            ? [] : [("Content-Type", "application/vnd.docker.\(isFramed ? "multiplexed" : "raw")-stream")]
        let sent = bytes
        return .stream(
            headers: headers,
            AsyncStream { output in
                output.yield(sent)
                output.finish()
            })
    }
}
