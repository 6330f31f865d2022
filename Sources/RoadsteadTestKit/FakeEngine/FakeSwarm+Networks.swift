import DockerAPI
import RoadsteadBasics
import Synchronization

extension FakeSwarm {
    func networks(_ request: FakeRequest, _ rest: [String]) -> FakeReply {
        state.withLock { state in
            switch (request.method, rest.first) {
            case ("GET", nil): return .json(state.networks.filter { Self.matches($0, request.filters) })
            case ("POST", "create"): return create(request, &state)
            case ("GET", let id?):
                return state.networks.first { $0.id == id || $0.name == id }.map { .json($0) }
                    ?? .error(404, "network \(id) not found")
            case ("DELETE", let id?):
                guard let index = state.networks.firstIndex(where: { $0.id == id || $0.name == id }) else {
                    return .error(404, "network \(id) not found")
                }
                let network = state.networks.remove(at: index)
                Self.emit(&state, "network", "remove", id: network.id, name: network.name)
                return .empty(204)
            default: return .error(404, "page not found")
            }
        }
    }

    private func create(_ request: FakeRequest, _ state: inout State) -> FakeReply {
        guard let body = request.decode(NetworkCreate.self) else { return .error(400, "invalid spec") }
        guard !state.networks.contains(where: { $0.name == body.name }) else {
            return .error(409, "network with name \(body.name) already exists")
        }
        var network = Network(id: state.nextID("network"), name: body.name)
        network.created = SystemClock().now
        network.driver = body.driver ?? "bridge"
        network.scope = body.driver == "overlay" ? "swarm" : "local"
        (network.internal, network.attachable, network.ingress) = (
            body.internal ?? false, body.attachable ?? false, false
        )
        (network.labels, network.options, network.ipam) = (body.labels ?? [:], body.options, body.ipam)
        state.networks.append(network)
        Self.emit(&state, "network", "create", id: network.id, name: network.name)
        return .json(["Id": network.id, "Warning": ""], status: 201)
    }

    private static func matches(_ network: Network, _ filters: [String: [String]]) -> Bool {
        filters.allSatisfy { name, values in
            switch name {
            case "id": values.contains { network.id.hasPrefix($0) }
            case "name": values.contains { network.name.contains($0) }
            case "scope": values.contains { network.scope == $0 }
            case "driver": values.contains { network.driver == $0 }
            case "label": values.allSatisfy { hasLabel(network.labels, $0) }
            default: true
            }
        }
    }

    func volumes(_ request: FakeRequest, _ rest: [String]) -> FakeReply {
        state.withLock { state in
            switch (request.method, rest.first) {
            case ("GET", nil):
                let wanted = request.filters["label"] ?? []
                let volumes = state.volumes.filter { volume in
                    wanted.allSatisfy { Self.hasLabel(volume.labels, $0) }
                }
                return .json(FakeVolumes(volumes: volumes.isEmpty ? nil : volumes))
            case ("POST", "create"):
                guard let body = request.decode(VolumeCreate.self) else { return .error(400, "invalid spec") }
                if let known = state.volumes.first(where: { $0.name == body.name }) { return .json(known, status: 201) }
                var volume = Volume(name: body.name ?? state.nextID("volume"))
                (volume.driver, volume.labels, volume.scope) = (body.driver ?? "local", body.labels ?? [:], "local")
                volume.options = body.driverOpts
                state.volumes.append(volume)
                return .json(volume, status: 201)
            case ("GET", let name?):
                return state.volumes.first { $0.name == name }.map { .json($0) }
                    ?? .error(404, "get \(name): no such volume")
            case ("DELETE", let name?):
                guard let index = state.volumes.firstIndex(where: { $0.name == name }) else {
                    return .error(404, "get \(name): no such volume")
                }
                let isUsed = state.services.contains {
                    $0.spec.taskTemplate.containerSpec?.mounts?.contains { $0.source == name } == true
                }
                guard !isUsed else { return .error(409, "remove \(name): volume is in use - [c1]") }
                state.volumes.remove(at: index)
                return .empty(204)
            default: return .error(404, "page not found")
            }
        }
    }
}

extension FakeSwarm {
    /// The node makes the volumes of a task that it does not have; those that it has stay as they are.
    static func makeVolumes(_ service: Service, _ state: inout State) {
        for mount in service.spec.taskTemplate.containerSpec?.mounts ?? [] where mount.type == "volume" {
            guard let name = mount.source, !state.volumes.contains(where: { $0.name == name }) else { continue }
            var volume = Volume(name: name)
            let (options, driver) = (mount.volumeOptions, mount.volumeOptions?.driverConfig)
            (volume.driver, volume.scope) = (driver?.name ?? "local", "local")
            (volume.options, volume.labels) = (driver?.options, options?.labels)
            state.volumes.append(volume)
        }
    }
}

private struct FakeVolumes: Encodable {
    var volumes: [Volume]?

    enum CodingKeys: String, CodingKey { case volumes = "Volumes" }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        // `null` when there is none, as the engine writes it.
        try container.encode(volumes, forKey: .volumes)
    }
}
