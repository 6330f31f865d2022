import DockerAPI
import Foundation
import RoadsteadBasics
import Synchronization

/// An engine's own place in a Swarm: in none at first; it begins one, or joins that of another engine, by the real routes.
/// Swarm routes are answered by the Swarm that it is in, as long as it is a manager there.
///
/// Give `reply(to:)` to `FakeEngine.with` as its script. Engines find each other by `FakeAddresses`.
public final class FakeMember: Sendable {
    private struct Place {
        var swarm: FakeSwarm
        var nodeID: String
    }

    public let address: String
    private let addresses: FakeAddresses
    private let place = Mutex<Place?>(nil)
    private let silent = Mutex(false)
    private let lockedKey = Mutex<Redacted<String>?>(nil)

    public init(_ address: String, among addresses: FakeAddresses) {
        self.address = address
        self.addresses = addresses
        addresses.add(self)
    }

    /// The Swarm that it is in, and its node's id there.
    public var swarm: FakeSwarm? { place.withLock { $0?.swarm } }
    public var nodeID: String? { place.withLock { $0?.nodeID } }

    private var isManager: Bool { place.withLock { $0.map { $0.swarm.isManager($0.nodeID) } ?? false } }

    /// Power loss: no answer any more, and the others see it as down.
    public func die() {
        silent.withLock { $0 = true }
        place.withLock { $0?.swarm.setState(of: $0?.nodeID ?? "", "down", reachability: "unreachable") }
    }

    /// Started anew: where its Swarm locks managers it waits for the key.
    public func restart() {
        guard let key = swarm?.unlockKey, isManager else { return }
        lockedKey.withLock { $0 = key }
    }

    public func reply(to request: FakeRequest) -> FakeReply? {
        if silent.withLock({ $0 }) { return .raw([]) }
        switch (request.method, request.path) {
        case ("GET", "/info"): return .json(info())
        case ("POST", "/swarm/init"): return begin(request)
        case ("POST", "/swarm/join"): return join(request)
        case ("POST", "/swarm/leave"): return leave(request)
        case ("POST", "/swarm/unlock"): return unlock(request)
        default: break
        }
        guard Self.swarmRoutes.contains(request.segments.first ?? "") else { return swarm?.reply(to: request) }
        if lockedKey.withLock({ $0 }) != nil { return .error(503, Self.locked) }
        guard let swarm, isManager else { return .error(503, Self.noManager) }
        return swarm.reply(to: request)
    }

    private static let swarmRoutes: Set = ["services", "tasks", "nodes", "swarm", "configs", "secrets"]
    private static let noManager =
        "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this node to "
        + "swarm and try again."
    private static let locked = "Swarm is encrypted and needs to be unlocked before it can be used."

    private func info() -> EngineInfo {
        var (info, swarm) = (EngineInfo(), SwarmInfo())
        (info.name, info.serverVersion, info.osType) = (address, "fake", "linux")
        swarm.localNodeState = "inactive"
        if lockedKey.withLock({ $0 }) != nil {
            swarm.localNodeState = "locked"
        } else if let nodeID {
            (swarm.localNodeState, swarm.nodeID, swarm.nodeAddr) = ("active", nodeID, address)
            swarm.controlAvailable = isManager
        }
        info.swarm = swarm
        return info
    }

    // MARK: - Coming and going

    private static let partOfOne =
        "This node is already part of a swarm. Use \"docker swarm leave\" to leave this swarm and join another one."

    private func begin(_ request: FakeRequest) -> FakeReply {
        guard nodeID == nil else { return .error(503, Self.partOfOne) }
        let body = request.json
        let locks = body["Spec"]?["EncryptionConfig"]?["AutoLockManagers"]?.boolValue ?? false
        let (swarm, nodeID) = FakeSwarm.begin(at: body["AdvertiseAddr"]?.stringValue ?? address, locks: locks)
        place.withLock { $0 = Place(swarm: swarm, nodeID: nodeID) }
        return .json(nodeID)
    }

    private func join(_ request: FakeRequest) -> FakeReply {
        guard nodeID == nil else { return .error(503, Self.partOfOne) }
        let body = request.json
        let remotes = body["RemoteAddrs"]?.arrayValue?.compactMap(\.stringValue) ?? []
        guard let peer = remotes.lazy.compactMap({ self.addresses.manager(at: $0) }).first, let swarm = peer.swarm
        else {
            return .error(
                503,
                "Timeout was reached before node joined. The attempt to join the swarm will continue in the background. "
                    + "Use the \"docker info\" command to see the current swarm status of your node.")
        }
        guard let role = swarm.role(ofToken: body["JoinToken"]?.stringValue ?? "") else {
            return .error(
                400, "rpc error: code = InvalidArgument desc = A valid join token is necessary to join this cluster")
        }
        let nodeID = swarm.admit(role: role, address: body["AdvertiseAddr"]?.stringValue ?? address)
        place.withLock { $0 = Place(swarm: swarm, nodeID: nodeID) }
        return .empty()
    }

    private func leave(_ request: FakeRequest) -> FakeReply {
        guard let swarm, let nodeID else { return .error(503, "This node is not part of a swarm") }
        guard !isManager || request.query["force"] == "true" else {
            return .error(503, "You are attempting to leave the swarm on a node that is participating as a manager. ")
        }
        swarm.setState(of: nodeID, "down", reachability: "unreachable")
        place.withLock { $0 = nil }
        lockedKey.withLock { $0 = nil }
        return .empty()
    }

    private func unlock(_ request: FakeRequest) -> FakeReply {
        lockedKey.withLock { key in
            guard let needed = key else { return .error(503, "swarm is not locked") }
            guard request.json["UnlockKey"]?.stringValue == needed.exposed else {
                return .error(400, "swarm could not be unlocked: invalid key provided")
            }
            key = nil
            return .empty()
        }
    }

    fileprivate var answersAsManager: Bool { !silent.withLock { $0 } && isManager }
}

/// Where fake engines find each other.
public final class FakeAddresses: Sendable {
    private let members = Mutex<[String: FakeMember]>([:])

    public init() {}

    fileprivate func add(_ member: FakeMember) { members.withLock { $0[member.address] = member } }

    /// The manager that listens at `address:2377`; nil when there is none.
    fileprivate func manager(at listener: String) -> FakeMember? {
        let address = listener.hasSuffix(":2377") ? String(listener.dropLast(5)) : listener
        let member = members.withLock { $0[address] }
        return member?.answersAsManager == true ? member : nil
    }
}

extension FakeRequest {
    /// The body as an object; empty when it is none.
    var json: JSONValue { (try? JSONValue.parse(String(decoding: body, as: UTF8.self))) ?? .object([:]) }
}
