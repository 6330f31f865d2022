import DockerAPI
import DockerClient
import Foundation
import RoadsteadBasics
import Synchronization

/// The state behind a fake engine: a Swarm of one manager whose tasks run as soon as they are made, unless a test says
/// otherwise, and the few local objects that a control plane touches.
public final class FakeSwarm: Sendable {
    struct State {
        var services: [Service] = []
        var tasks: [SwarmTask] = []
        var networks: [Network] = []
        var configs: [SwarmConfig] = []
        var secrets: [SwarmSecret] = []
        /// By the secret's id: what no answer shows.
        var secretData: [String: Data] = [:]
        var volumes: [Volume] = []
        var containers: [FakeContainer] = []
        var execs: [String: FakeExec] = [:]
        var images: [String: Image] = [:]
        var nodes: [SwarmNode] = []
        var swarmID = "cluster"
        /// Where managers are locked.
        var unlockKey: Redacted<String>?
        var counter: UInt64 = 10
        var watchers: [Int: AsyncStream<[UInt8]>.Continuation] = [:]

        mutating func nextIndex() -> UInt64 {
            counter += 1
            return counter
        }

        /// 25 characters, as the Swarm's ids have.
        mutating func nextID(_ kind: String) -> String {
            let text = kind + String(nextIndex())
            return text + String(repeating: "0", count: max(0, 25 - text.utf8.count))
        }
    }

    /// Decides what becomes of a task that was just made (it is `running` by default).
    public typealias Fate = @Sendable (Service, SwarmTask) -> SwarmTask

    let state = Mutex(State())
    let fate: Fate
    public let apiVersion: String
    public let minimumVersion: String
    /// Whether the engine is a manager; one that is not answers all Swarm routes with 503.
    public let isManager: Bool

    public init(
        apiVersion: String = "1.41", minimumVersion: String = "1.12", isManager: Bool = true,
        images: [String] = ["busybox:1", "busybox:2"], fate: @escaping Fate = { $1 }
    ) {
        (self.apiVersion, self.minimumVersion, self.isManager) = (apiVersion, minimumVersion, isManager)
        self.fate = fate
        state.withLock { state in
            for name in images {
                var image = Image(id: Self.digest(name))
                image.repoTags = [name]
                (image.os, image.architecture) = ("linux", "amd64")
                state.images[name] = image
            }
            var node = SwarmNode(
                id: state.nextID("node"), version: ObjectVersion(index: 9),
                spec: NodeSpec(labels: [:], role: "manager", availability: "active"))
            node.description = NodeDescription(
                hostname: "fake", platform: Platform(architecture: "x86_64", os: "linux"))
            node.status = NodeStatus(state: "ready", addr: "127.0.0.1")
            node.managerStatus = ManagerStatus(leader: true, reachability: "reachable", addr: "127.0.0.1:2377")
            state.nodes = [node]
        }
    }

    /// A made-up digest: the same for the same name.
    static func digest(_ name: String) -> String {
        let number = name.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        return "sha256:" + String(repeating: String(format: "%016lx", number), count: 4)
    }

    /// The answer of this Swarm, for scripts that put one Swarm in the place of another.
    public func reply(to request: FakeRequest) -> FakeReply {
        if let version = request.version, let refusal = refusal(of: version) { return refusal }
        let (first, rest) = (request.segments.first ?? "", Array(request.segments.dropFirst()))
        if !isManager, ["services", "tasks", "nodes", "swarm", "configs", "secrets"].contains(first) {
            return .error(
                503,
                "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. "
                    + "Please run this command on a manager node or promote the current node to a manager.")
        }
        if let unknown = request.filters.keys.first(where: { Self.filters[first]?.contains($0) == false }) {
            return .error(400, "Invalid filter '\(unknown)'")
        }
        return switch first {
        case "services": services(request, rest)
        case "tasks": tasks(request, rest)
        case "nodes", "swarm": nodes(request, rest)
        case "configs": configs(request, rest)
        case "secrets": secrets(request, rest)
        case "networks": networks(request, rest)
        case "volumes": volumes(request, rest)
        case "containers", "exec": containers(request, rest)
        case "images", "distribution": images(request, rest)
        default: system(request)
        }
    }

    /// What the routes of engine 20.10 filter by.
    private static let filters: [String: Set<String>] = [
        "services": ["id", "label", "mode", "name", "runtime"],
        "tasks": ["desired-state", "id", "label", "name", "node", "service", "runtime", "_up-to-date"],
        "nodes": ["id", "label", "node.label", "membership", "name", "role"],
        "configs": ["id", "label", "name"],
        "secrets": ["id", "label", "name", "names"],
        "networks": ["driver", "type", "name", "id", "label", "scope", "dangling"],
        "volumes": ["dangling", "driver", "label", "name"],
    ]

    /// The words of engines 20.10 to 29.
    private func refusal(of version: String) -> FakeReply? {
        guard let asked = APIVersion(version), let newest = APIVersion(apiVersion),
            let oldest = APIVersion(minimumVersion)
        else { return .error(400, "bad version") }
        if asked < oldest {
            return .error(
                400,
                "client version \(asked) is too old. Minimum supported API version is \(oldest), "
                    + "please upgrade your client to a newer version")
        }
        guard asked > newest else { return nil }
        return .error(400, "client version \(asked) is too new. Maximum supported API version is \(newest)")
    }

    private func system(_ request: FakeRequest) -> FakeReply {
        switch request.path {
        case "/_ping":
            let swarm = isManager ? "active/manager" : "active/worker"
            let headers = [("Api-Version", apiVersion), ("Ostype", "linux"), ("Swarm", swarm)]
            return .whole(status: 200, headers: headers, body: Array("OK".utf8))
        case "/version":
            return .json(EngineVersion(version: "fake", apiVersion: apiVersion, minAPIVersion: minimumVersion))
        case "/info": return .json(info())
        case "/events": return events(request)
        default: return .error(404, "page not found")
        }
    }

    private func info() -> EngineInfo {
        var (info, swarm) = (EngineInfo(), SwarmInfo())
        (info.name, info.serverVersion, info.osType) = ("fake", "fake", "linux")
        let nodes = state.withLock { $0.nodes }
        (swarm.nodeID, swarm.nodeAddr) = (nodes.first?.id, "127.0.0.1")
        (swarm.localNodeState, swarm.controlAvailable) = ("active", isManager)
        if isManager { (swarm.nodes, swarm.managers) = (nodes.count, 1) }
        swarm.remoteManagers = [RemoteManager(nodeID: nodes.first?.id ?? "", addr: "127.0.0.1:2377")]
        info.swarm = swarm
        return info
    }
}
