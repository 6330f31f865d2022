import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadCompose

/// A service of a stack as it is now: what `deployment-parameter` documents and listings show.
public struct StackServiceState: Hashable, Sendable {
    public struct PublishedPort: Hashable, Sendable {
        public var `protocol`: String
        public var target: Int
        public var published: Int

        public init(protocol: String, target: Int, published: Int) {
            self.protocol = `protocol`
            self.target = target
            self.published = published
        }
    }

    public struct HostPort: Hashable, Sendable {
        /// The slot of the task; nil for global services.
        public var replica: Int?
        public var `protocol`: String
        public var target: Int
        /// `ip:port` of the node.
        public var address: String
    }

    /// The name without the stack's prefix.
    public var key: String
    public var name: String
    public var id: String
    public var image: String
    public var mode: String
    public var desired: Int
    public var running: Int
    /// Through the routing mesh, with what the Swarm chose where the file left it open.
    public var ports: [PublishedPort]
    public var hostPorts: [HostPort]
}

extension StackEngine {
    /// The services of a stack, sorted by name; empty when there is no such stack.
    public func services(stack: String) async throws -> [StackServiceState] {
        do {
            let label = Self.label(stack)
            async let tasks = client.tasks(label)
            let services = try await client.services(label, status: true)
            let all = try await tasks
            let hasHostPorts = all.contains { !($0.status.portStatus?.ports ?? []).isEmpty }
            let nodes = hasHostPorts ? try await client.nodes() : []
            let addresses = Dictionary(
                nodes.map { ($0.id, $0.status?.addr ?? "") }, uniquingKeysWith: { first, _ in first })
            return services.map { service in
                state(of: service, stack: stack, tasks: all.filter { $0.serviceID == service.id }, addresses)
            }.sorted { $0.name < $1.name }
        } catch { throw RoadsteadError.translating(error, doing: "list the services of stack \(stack)") }
    }

    private func state(
        of service: Service, stack: String, tasks: [SwarmTask], _ addresses: [String: String]
    ) -> StackServiceState {
        let name = service.spec.name ?? service.id
        let status = service.serviceStatus
        let running = tasks.filter { $0.status.state == .running && $0.desiredState == .running }
        return StackServiceState(
            key: Self.key(name, stack: stack), name: name, id: service.id,
            image: service.spec.taskTemplate.containerSpec?.image ?? "",
            mode: Self.mode(service.spec.mode), desired: Int(clamping: status?.desiredTasks ?? 0),
            // The engine's own count has tasks that are being ended, too.
            running: running.count,
            ports: (service.endpoint?.ports ?? []).filter { $0.publishMode != "host" }.compactMap(Self.port),
            hostPorts: running.flatMap { Self.hostPorts($0, addresses) })
    }

    static func key(_ name: String, stack: String) -> String {
        name.hasPrefix(stack + "_") ? String(name.dropFirst(stack.count + 1)) : name
    }

    private static func mode(_ mode: ServiceMode?) -> String {
        if mode?.global != nil { return "global" }
        if mode?.replicatedJob != nil { return "replicated-job" }
        return mode?.globalJob != nil ? "global-job" : "replicated"
    }

    private static func port(_ port: PortConfig) -> StackServiceState.PublishedPort? {
        guard let target = port.targetPort, let published = port.publishedPort, published != 0 else { return nil }
        return StackServiceState.PublishedPort(
            protocol: port.protocol ?? "tcp", target: Int(target), published: Int(published))
    }

    private static func hostPorts(
        _ task: SwarmTask, _ addresses: [String: String]
    ) -> [StackServiceState.HostPort] {
        guard let address = task.nodeID.flatMap({ addresses[$0] }), !address.isEmpty else { return [] }
        return (task.status.portStatus?.ports ?? []).compactMap { port in
            guard let target = port.targetPort, let published = port.publishedPort else { return nil }
            return StackServiceState.HostPort(
                replica: task.slot == 0 ? nil : task.slot, protocol: port.protocol ?? "tcp", target: Int(target),
                address: "\(address):\(published)")
        }
    }
}
