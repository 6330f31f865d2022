import DockerAPI
import DockerClient
import RoadsteadBasics

/// What engines do, fake or real, when they begin, join, change and leave a Swarm. Held like `EngineContract`: the fakes in
/// the unit tests, real engines in the lab.
///
/// The checks are one story, in order: each begins with engines that are in no Swarm and ends with such.
public struct SwarmContract: Sendable, CustomStringConvertible {
    public let claim: String
    public let run: @Sendable (Subject) async throws -> Void

    public var description: String { claim }

    /// An engine and the address at which the others reach it.
    public struct Engine: Sendable {
        public let client: EngineClient
        public let address: String

        public init(client: EngineClient, address: String) { (self.client, self.address) = (client, address) }
    }

    /// Two engines that are in no Swarm.
    public struct Subject: Sendable {
        public let first: Engine
        public let second: Engine

        public init(_ first: Engine, _ second: Engine) { (self.first, self.second) = (first, second) }
    }

    public static let all: [SwarmContract] = [outside, beginning, joining, roles, removal, locking]

    init(_ claim: String, _ run: @escaping @Sendable (Subject) async throws -> Void) {
        self.claim = claim
        self.run = { subject in
            try await EngineContract.cleaning {
                for engine in [subject.second, subject.first] { try await Self.leave(engine) }
            } after: {
                try await run(subject)
            }
        }
    }

    /// An engine that is told to leave a Swarm that it has just begun may still write into the folder that it removes: "500:
    /// unlinkat /var/lib/docker/swarm/certificates: directory not empty". It is half out then.
    private static func leave(_ engine: Engine) async throws {
        _ = try await EngineContract.eventually("leaving") {
            do { try await engine.client.leaveSwarm(force: true) } catch let error as EngineError {
                if error.message.contains("directory not empty") { return nil as Bool? }
                try require(error.message.contains("not part of a swarm"), "\(error)")
            }
            return true
        }
    }

    private static func require(_ condition: Bool, _ what: @autoclosure () -> String, line: Int = #line) throws {
        try EngineContract.require(condition, what(), line: line)
    }

    private static func failure(
        _ what: String, line: Int = #line, _ body: () async throws -> Void
    ) async throws -> EngineError {
        try await EngineContract.failure(what, line: line, body)
    }
}

extension SwarmContract {
    private static func begin(_ engine: Engine, locks: Bool = false) async throws -> String {
        var request = SwarmInit(advertiseAddr: engine.address)
        if locks { request.spec = SwarmSpec(autolockManagers: true) }
        return try await engine.client.initSwarm(request)
    }

    /// The second engine's node, once it is ready.
    private static func join(_ subject: Subject, as role: String) async throws -> SwarmNode {
        let tokens = try await subject.first.client.swarm().joinTokens
        try await subject.second.client.joinSwarm(
            SwarmJoin(
                remoteAddrs: [subject.first.address + ":2377"],
                joinToken: role == "manager" ? tokens.manager : tokens.worker, advertiseAddr: subject.second.address))
        let id = try await subject.second.client.info().swarm?.nodeID ?? ""
        return try await node(id, at: subject.first, "ready") { $0.status?.state == "ready" }
    }

    private static func node(
        _ id: String, at engine: Engine, _ what: String, _ holds: (SwarmNode) -> Bool
    ) async throws -> SwarmNode {
        try await EngineContract.eventually("node \(id) \(what)") {
            let node = try await engine.client.node(id)
            return holds(node) ? node : nil
        }
    }

    private static func update(_ node: SwarmNode, at engine: Engine, role: String) async throws {
        var spec = node.spec
        spec.role = role
        try await engine.client.updateNode(node.id, version: node.version, spec)
    }

    private static let outside = SwarmContract("an engine in no Swarm says so, and cannot leave one") { subject in
        let client = subject.first.client
        let swarm = try await client.info().swarm
        try require(
            swarm?.localNodeState == "inactive" && swarm?.controlAvailable != true, "\(String(describing: swarm))")
        let error = try await failure("nodes of no Swarm") { _ = try await client.nodes() }
        try require(error.isNotSwarmManager, "\(error)")
        let left = try await failure("leaving none") { try await client.leaveSwarm(force: true) }
        try require(left.message.contains("not part of a swarm"), "\(left)")
    }

    private static let beginning = SwarmContract("an engine begins a Swarm, once") { subject in
        let client = subject.first.client
        let id = try await begin(subject.first)
        let swarm = try await client.info().swarm
        try require(swarm?.nodeID == id && swarm?.localNodeState == "active", "\(String(describing: swarm))")
        try require(swarm?.controlAvailable == true, "not a manager of its own Swarm")
        let node = try await client.node(id)
        try require(node.managerStatus?.addr == subject.first.address + ":2377", "\(node)")
        let again = try await failure("a second Swarm") { _ = try await begin(subject.first) }
        try require(again.message.contains("already part of a swarm"), "\(again)")
        try require(try await client.unlockKey() == nil, "a key without a lock")
    }

    private static let joining = SwarmContract("a worker joins by the worker's token, and by no other text") {
        subject in
        _ = try await begin(subject.first)
        let wrong = try await failure("a wrong token") {
            try await subject.second.client.joinSwarm(
                SwarmJoin(remoteAddrs: [subject.first.address + ":2377"], joinToken: Redacted("nothing")))
        }
        try require(wrong.message.contains("join token") && !wrong.message.contains("nothing"), "\(wrong)")
        let node = try await join(subject, as: "worker")
        try require(node.spec.role == "worker" && node.managerStatus == nil, "\(node)")
        let swarm = try await subject.second.client.info().swarm
        try require(
            swarm?.localNodeState == "active" && swarm?.controlAvailable == false, "\(String(describing: swarm))")
        let error = try await failure("a worker's nodes") { _ = try await subject.second.client.nodes() }
        try require(error.isNotSwarmManager, "\(error)")
    }

    private static let roles = SwarmContract("a worker is promoted, reached as a manager, and demoted again") {
        subject in
        _ = try await begin(subject.first)
        let worker = try await join(subject, as: "worker")
        try await update(worker, at: subject.first, role: "manager")
        _ = try await node(worker.id, at: subject.first, "reachable") {
            $0.managerStatus?.reachability == "reachable"
        }
        // For a moment the leader does not count it, and would not lose it.
        _ = try await EngineContract.eventually("the demotion") {
            let manager = try await subject.first.client.node(worker.id)
            do { try await update(manager, at: subject.first, role: "worker") } catch let error as EngineError {
                guard error.message.contains("loss of quorum") else { throw error }
                return nil as Bool?
            }
            return true
        }
        _ = try await node(worker.id, at: subject.first, "out of the raft") { $0.managerStatus == nil }
        let last = try await subject.first.client.nodes().first { $0.managerStatus != nil }
        guard let last else { throw EngineContract.Violation(description: "no manager left") }
        let error = try await failure("no manager at all") { try await update(last, at: subject.first, role: "worker") }
        try require(error.message.contains("loss of quorum"), "\(error)")
    }

    private static let removal = SwarmContract("a node is removed when it is down, or by force, and then is not found")
    {
        subject in
        _ = try await begin(subject.first)
        let client = subject.first.client
        let worker = try await join(subject, as: "worker")
        let up = try await failure("one that is up") { try await client.removeNode(worker.id) }
        try require(up.message.contains("is not down"), "\(up)")
        try await subject.second.client.leaveSwarm()
        _ = try await node(worker.id, at: subject.first, "down") { $0.status?.state == "down" }
        try await client.removeNode(worker.id)
        let gone = try await failure("a removed node") { try await client.removeNode(worker.id) }
        try require(gone.isNotFound, "\(gone)")

        let manager = try await join(subject, as: "manager")
        let refused = try await failure("a manager") { try await client.removeNode(manager.id, force: true) }
        try require(refused.message.contains("must be demoted"), "\(refused)")
    }

    private static let locking = SwarmContract("a Swarm that locks its managers tells the key to them only") {
        subject in
        _ = try await begin(subject.first, locks: true)
        let key = try await subject.first.client.unlockKey()
        try require(key?.exposed.hasPrefix("SWMKEY-1-") == true, "no key")
        let unlocked = try await failure("unlocking what is not locked") {
            try await subject.first.client.unlockSwarm(key ?? Redacted(""))
        }
        try require(unlocked.message.contains("not locked"), "\(unlocked)")
    }
}
