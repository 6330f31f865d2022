import DockerAPI
import RemoteHosts
import RoadsteadBasics
import RoadsteadModel

@testable import RoadsteadControl

/// What engines of a `SimulatedWorld` are changed to, and how that went.
struct SimulatedUpgrades: Sendable {
    /// Versions that the packages have, the newest first.
    var available = ["20.10.24"]
    /// Of engines that were changed, by address.
    var versions: [String: String] = [:]
    /// Addresses, in the order in which their packages were changed.
    var order: [String] = []
    /// The most nodes that were drained at the same time.
    var mostDrained = 0
    /// Services whose tasks do not leave a node.
    var held: [String: [String]] = [:]
    var services: Set<String> = []
    var broken: Set<String> = []
    /// Services that break when the engine at an address is changed.
    var breaks: [String: String] = [:]
    /// Addresses at which no engine can be installed.
    var refuses: Set<String> = []
    /// Whether managers that were changed wait for the Swarm's key.
    var locks = false
    /// Addresses of managers that got it.
    var unlocked: [String] = []

    mutating func noteDrained(_ count: Int) { mostDrained = max(mostDrained, count) }
}

extension SimulatedWorld {
    func version(at address: String) -> String { upgrades.versions[address] ?? engineVersion }

    /// The first manager by address leads.
    func managerStatus(at address: String) -> ManagerStatus? {
        guard nodes[address]?.role == .manager else { return nil }
        let leader = nodes.filter { $0.value.role == .manager && !down.contains($0.key) }.keys.min()
        return ManagerStatus(
            leader: address == leader, reachability: down.contains(address) ? "unreachable" : "reachable")
    }

    func fetch(_ wishes: EngineWishes, at address: String) throws -> EngineFetch {
        let wanted = ClusterEngine(version: wishes.version)
        guard let chosen = upgrades.available.first(where: wanted.accepts) else {
            throw RoadsteadError(
                .invalidState, "its packages have no engine \(wishes.version ?? ""): there is \(upgrades.available)")
        }
        return EngineFetch(installed: version(at: address), chosen: chosen)
    }

    mutating func change(_ wishes: EngineWishes, _ isOfPackages: Bool, at address: String) throws {
        guard !upgrades.refuses.contains(address) else {
            throw RoadsteadError(.invalidState, "dpkg: error processing package")
        }
        engines[address] = wishes.tls?.certificate ?? ""
        if upgrades.locks, nodes[address]?.role == .manager { locked.insert(address) }
        if let service = upgrades.breaks[address] { upgrades.broken.insert(service) }
        guard isOfPackages else { return }
        upgrades.versions[address] = try fetch(wishes, at: address).chosen
        upgrades.order.append(address)
    }
}
