import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadModel

extension SwarmMembership {
    /// Makes the engine the first manager of a new Swarm that others join at `advertise`; one that is a manager already
    /// tells its own. Such a Swarm is the cluster's: the engine takes only the cluster's certificates.
    ///
    /// `pools` are the ranges of which overlay networks get theirs; none: the engine's own. Throws `invalidState` for a
    /// worker of a Swarm.
    func initialize(
        _ engine: String, advertise: String, pools: [String] = [], autolock: Bool = false
    ) async throws -> SwarmIdentity {
        try await at(engine, doing: "begin a Swarm at \(engine)") { client in
            switch try await standing(client, engine) {
            case .member(let nodeID, isManager: true):
                return SwarmIdentity(swarmID: try await client.swarm().id, nodeID: nodeID)
            case .member:
                throw RoadsteadError(.invalidState, "\(engine) is a worker of a Swarm; let it leave that one")
            default:
                let request = try Self.request(advertise, pools, autolock)
                let nodeID = try await Self.overLeftovers { () throws(EngineError) in
                    try await client.initSwarm(request)
                }
                return SwarmIdentity(swarmID: try await client.swarm().id, nodeID: nodeID)
            }
        }
    }

    /// Of a Swarm that was left in the moment in which it was locked, files may stay that nobody can read any more; the engine
    /// (20.10, 26.1) stumbles over them once, and clears them by that. One that is in a locked Swarm says so before.
    private static func overLeftovers<Value: Sendable>(
        _ body: () async throws(EngineError) -> Value
    ) async throws(EngineError) -> Value {
        do { return try await body() } catch {
            guard error.message.contains("needs to be unlocked") else { throw error }
            return try await body()
        }
    }

    /// Of the family of the address at which others find it: the usual one would be of IPv4 only.
    static func listener(at advertise: String) -> String { advertise.contains(":") ? "[::]:2377" : "0.0.0.0:2377" }

    private static func request(
        _ advertise: String, _ pools: [String], _ autolock: Bool
    ) throws(RoadsteadError) -> SwarmInit {
        var request = SwarmInit(listenAddr: listener(at: advertise), advertiseAddr: advertise)
        if !pools.isEmpty {
            var longest = 24
            for pool in pools { longest = max(longest, try CIDR(pool).bits) }
            request.defaultAddrPool = pools
            // The CLI's default, unless a pool is smaller.
            request.subnetSize = UInt32(longest)
        }
        if autolock { request.spec = SwarmSpec(autolockManagers: true) }
        return request
    }

    /// Lets the engine join the managers' Swarm and returns its node's id; one that is a node of it gets the role where it
    /// has another. The token is asked of a manager and kept nowhere.
    ///
    /// Throws `invalidState` for a node of another Swarm; `unavailable` when it is not let in within the limit.
    func join(
        _ engine: String, advertise: String, as role: MachineRole, through managers: [String]
    ) async throws -> String {
        let doing = "let \(engine) join the Swarm as a \(role.rawValue)"
        let place = try await at(engine, doing: doing) { client in try await standing(client, engine) }
        if case .member(let nodeID, _) = place {
            return try await keep(nodeID, engine, role, managers)
        }
        let invitation = try await asking(managers, doing: doing) { try await Self.invitation($0, role) }
        return try await at(engine, doing: doing) { client in
            try await Self.join(client, invitation, advertise)
            guard case .member(let nodeID, _) = try await self.standing(client, engine) else {
                throw RoadsteadError(.unavailable, "\(engine) has not joined the Swarm; its engine's log tells why")
            }
            return nodeID
        }
    }

    private struct Invitation: Sendable {
        var token: Redacted<String>
        /// `address:2377` of the managers that are up, as they know each other.
        var addresses: [String]
    }

    private static func invitation(_ client: EngineClient, _ role: MachineRole) async throws -> Invitation {
        let tokens = try await client.swarm().joinTokens
        let managers = try await client.nodes().compactMap(\.managerStatus)
        let addresses = managers.filter { $0.reachability == "reachable" }.compactMap(\.addr)
        return Invitation(token: role == .manager ? tokens.manager : tokens.worker, addresses: addresses)
    }

    private static func join(
        _ client: EngineClient, _ invitation: Invitation, _ advertise: String
    ) async throws(EngineError) {
        let request = SwarmJoin(
            remoteAddrs: invitation.addresses, joinToken: invitation.token, listenAddr: listener(at: advertise),
            advertiseAddr: advertise)
        do {
            try await overLeftovers { () throws(EngineError) in try await client.joinSwarm(request) }
        } catch let error where error.message.contains("will continue in the background") {}
    }

    private func keep(
        _ nodeID: String, _ engine: String, _ role: MachineRole, _ managers: [String]
    ) async throws -> String {
        guard let node = try await nodes(through: managers).first(where: { $0.id == nodeID }) else {
            throw RoadsteadError(
                .invalidState,
                "\(engine) is in another Swarm (as node \(nodeID)); let it leave that one (docker swarm leave)")
        }
        if node.spec.role != role.rawValue {
            try await role == .manager ? promote(nodeID, through: managers) : demote(nodeID, through: managers)
        }
        return nodeID
    }

    // MARK: - Leaving and unlocking

    /// Lets the engine leave whatever Swarm it is in, as a manager too: the quorum is the caller's affair. The node stays in
    /// the others' list until `remove`.
    func leave(_ engine: String) async throws {
        try await at(engine, doing: "let \(engine) leave its Swarm") { client in
            let end = clock.now + times.leaving
            while SwarmStanding(try await client.info().swarm) != .outside {
                do { return try await client.leaveSwarm(force: true) } catch let error as EngineError {
                    if error.message.contains("not part of a swarm") { return }
                    // It writes into the folder that it removes; it is half out then (engine 20.10).
                    guard error.message.contains("directory not empty"), clock.now < end else { throw error }
                }
                try await clock.sleep(for: times.pause)
            }
        }
    }

    /// Gives a manager that was started anew the key that it waits for; false when it waits for none. Throws `forbidden` when
    /// it is another one's.
    @discardableResult
    func unlock(_ engine: String, key: Redacted<String>) async throws -> Bool {
        try await at(engine, doing: "unlock the Swarm at \(engine)") { client in
            guard SwarmStanding(try await client.info().swarm) == .locked else { return false }
            do { try await client.unlockSwarm(key) } catch let error as EngineError
                where error.message.contains("invalid key")
            {
                throw RoadsteadError(.forbidden, "the key is not the one that locks the Swarm at \(engine)")
            }
            _ = try await standing(client, engine)
            return true
        }
    }

    /// The key that managers wait for when they are started anew; nil for a Swarm that is not locked.
    func unlockKey(through managers: [String]) async throws -> Redacted<String>? {
        try await asking(managers, doing: "read the Swarm's unlock key") { try await $0.unlockKey() }
    }
}
