import DockerAPI
import RoadsteadBasics
import RoadsteadModel
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

@Suite("Membership of a Swarm")
struct SwarmMembershipTests {
    /// A Swarm of `a` (the first manager) and whoever joins it in that order.
    private func grown(_ swarm: SwarmMembership, _ others: [(String, MachineRole)] = []) async throws -> [String:
        String]
    {
        var nodes = ["a": try await swarm.initialize("a", advertise: "a").nodeID]
        for (address, role) in others {
            nodes[address] = try await swarm.join(address, advertise: address, as: role, through: ["a"])
        }
        return nodes
    }

    private func error(_ body: () async throws -> Void) async -> RoadsteadError? {
        await #expect(throws: RoadsteadError.self) { try await body() }
    }

    @Test("A Swarm is begun once: asked again, its first manager tells the same identity")
    func begun() async throws {
        try await FakeEngines.run("a") { engines in
            let first = try await engines.membership.initialize("a", advertise: "a", pools: ["10.20.0.0/16"])
            #expect(try await engines.membership.initialize("a", advertise: "a") == first)
            #expect(engines.requests("a", "/swarm/init") == 1)
            #expect(engines.member("a").nodeID == first.nodeID)
            #expect(try await engines.membership.unlockKey(through: ["a"]) == nil)
        }
    }

    @Test("Engines join as what they are to be, once, and get another role when it is asked for later")
    func joined() async throws {
        try await FakeEngines.run("a", "b", "c") { engines in
            let swarm = engines.membership
            let nodes = try await grown(swarm, [("b", .manager), ("c", .worker)])
            let roles = try await swarm.nodes(through: ["a"]).map(\.spec.role)
            #expect(roles == ["manager", "manager", "worker"])
            #expect(try await swarm.join("c", advertise: "c", as: .worker, through: ["a"]) == nodes["c"])
            #expect(engines.requests("c", "/swarm/join") == 1)
            #expect(try await swarm.join("c", advertise: "c", as: .manager, through: ["a"]) == nodes["c"])
            #expect(try await swarm.nodes(through: ["c"]).allSatisfy { $0.spec.role == "manager" })
        }
    }

    @Test("A node of another Swarm is refused, with what to do; a worker cannot begin one")
    func foreign() async throws {
        try await FakeEngines.run("a", "b", "x") { engines in
            let swarm = engines.membership
            _ = try await grown(swarm, [("b", .worker)])
            _ = try await swarm.initialize("x", advertise: "x")
            let refusal = await error { _ = try await swarm.join("x", advertise: "x", as: .worker, through: ["a"]) }
            #expect(refusal?.code == .invalidState)
            #expect(refusal?.message.contains("docker swarm leave") == true)
            #expect(engines.requests("x", "/swarm/join") == 0)
            #expect(await error { _ = try await swarm.initialize("b", advertise: "b") }?.code == .invalidState)
        }
    }

    @Test("One dead manager is passed over; when all are dead it may pass, and without any it cannot")
    func deadManagers() async throws {
        try await FakeEngines.run("a", "b", "c") { engines in
            let swarm = engines.membership
            _ = try await grown(swarm, [("b", .worker)])
            let joined = try await swarm.join("c", advertise: "c", as: .worker, through: ["gone", "b", "a"])
            #expect(try await swarm.nodes(through: ["gone", "a"]).contains { $0.id == joined })
            let all = await error { _ = try await swarm.nodes(through: ["gone", "b"]) }
            #expect(all?.code == .unavailable && all?.message.contains("none of the cluster's 2 managers") == true)
            #expect(await error { _ = try await swarm.nodes(through: []) }?.code == .invalidState)
        }
    }

    @Test(
        "An election is waited for, at most as long as one takes",
        arguments: [
            "rpc error: code = Unknown desc = The swarm does not have a leader.",
            "rpc error: code = Canceled desc = grpc: the client connection is closing",
        ])
    func election(words: String) async throws {
        try await FakeEngines.run("a") { engines in
            let swarm = engines.membership
            _ = try await grown(swarm)
            let leaderless = FakeReply.error(500, words)
            engines.answer("a", leaderless, times: 3) { $0.path == "/nodes" }
            #expect(try await swarm.nodes(through: ["a"]).count == 1)
            engines.answer("a", leaderless, times: .max) { $0.path == "/nodes" }
            let refusal = await error { _ = try await swarm.nodes(through: ["a"]) }
            #expect(refusal?.code == .unavailable && refusal?.isSwarmWithoutLeader == true)
        }
    }

    @Test("An engine that cannot reach the managers is told so, without the token")
    func unreached() async throws {
        try await FakeEngines.run("a", "b") { engines in
            let swarm = engines.membership
            _ = try await grown(swarm)
            // Pending, as an engine is that goes on trying in the background.
            let pending = FakeReply.whole(
                status: 200, headers: [],
                body: Array(#"{"Swarm":{"LocalNodeState":"pending","Error":"dial tcp a:2377: i/o timeout"}}"#.utf8))
            let late = FakeReply.error(
                503,
                "Timeout was reached before node joined. The attempt to join the swarm will continue in the background."
            )
            let asked = Shared(0)
            let member = engines.member("b")
            engines.script("b") { request in
                switch request.path {
                case "/swarm/join": return late
                case "/info":
                    return asked.change {
                        $0 += 1; return $0
                    } == 1 ? member.reply(to: request) : pending
                default: return member.reply(to: request)
                }
            }
            let refusal = await error { _ = try await swarm.join("b", advertise: "b", as: .worker, through: ["a"]) }
            #expect(refusal?.code == .unavailable)
            #expect(refusal?.message.contains("2377/tcp") == true && refusal?.message.contains("i/o timeout") == true)
            #expect(refusal.map { "\($0)".contains("SWMTKN") } == false)
        }
    }

    @Test("Labels are set and removed beside those of others, over somebody else's change")
    func labels() async throws {
        try await FakeEngines.run("a") { engines in
            let swarm = engines.membership
            let id = try await grown(swarm)["a"] ?? ""
            try await swarm.setLabels(id, set: ["theirs": "1", "old": "1"], through: ["a"])
            engines.answer("a", .error(500, "rpc error: code = Unknown desc = update out of sequence"), times: 2) {
                $0.path.hasSuffix("/update")
            }
            try await swarm.setLabels(id, set: ["zone": "x"], remove: ["old", "never"], through: ["a"])
            #expect(try await swarm.nodes(through: ["a"])[0].spec.labels == ["theirs": "1", "zone": "x"])
            let updates = engines.requests("a", "/nodes/\(id)/update")
            try await swarm.setLabels(id, set: ["zone": "x"], through: ["a"])
            #expect(engines.requests("a", "/nodes/\(id)/update") == updates)
        }
    }

    @Test("Roles and availability are what was asked for last")
    func changes() async throws {
        try await FakeEngines.run("a", "b") { engines in
            let swarm = engines.membership
            let id = try await grown(swarm, [("b", .worker)])["b"] ?? ""
            func spec() async throws -> NodeSpec? {
                try await swarm.nodes(through: ["a"]).first { $0.id == id }?.spec
            }
            try await swarm.promote(id, through: ["a"])
            try await swarm.promote(id, through: ["a", "b"])
            #expect(try await spec()?.role == "manager")
            try await swarm.demote(id, through: ["b", "a"])
            #expect(try await spec()?.role == "worker")
            #expect(try await swarm.drain(id, through: ["a"]) == 0)
            #expect(try await spec()?.availability == "drain")
            try await swarm.activate(id, through: ["a"])
            #expect(try await spec()?.availability == "active")
        }
    }

    @Test(
        "A demotion that the managers refuse for the moment is asked for again, and one that they go on refusing is told"
    )
    func quorum() async throws {
        try await FakeEngines.run("a", "b") { engines in
            let swarm = engines.membership
            let id = try await grown(swarm, [("b", .manager)])["b"] ?? ""
            let refusal = FakeReply.error(
                400,
                "rpc error: code = FailedPrecondition desc = can't remove member from the raft: this would result in a "
                    + "loss of quorum")
            engines.answer("a", refusal, times: .max) { $0.path.hasSuffix("/update") }
            #expect(await error { try await swarm.demote(id, through: ["a"]) }?.code == .invalidState)
            engines.answer("a", refusal, times: 2) { $0.path.hasSuffix("/update") }
            try await swarm.demote(id, through: ["a"])
            #expect(try await swarm.nodes(through: ["a"]).last?.spec.role == "worker")
        }
    }

    @Test("What a locked Swarm that was left has left behind keeps nobody from beginning or joining one")
    func leftovers() async throws {
        try await FakeEngines.run("a", "b") { engines in
            let locked = FakeReply.error(503, "Swarm is encrypted and needs to be unlocked before it can be used.")
            engines.answer("a", locked, times: 1) { $0.path == "/swarm/init" }
            engines.answer("b", locked, times: 1) { $0.path == "/swarm/join" }
            let nodes = try await grown(engines.membership, [("b", .worker)])
            #expect(Set(nodes.values).count == 2)
        }
    }

    @Test("An engine that is half out of its Swarm is told again to leave it")
    func halfOut() async throws {
        try await FakeEngines.run("a") { engines in
            _ = try await grown(engines.membership)
            let folder = "unlinkat /var/lib/docker/swarm/certificates: directory not empty"
            engines.answer("a", .error(500, folder), times: 2) { $0.path == "/swarm/leave" }
            try await engines.membership.leave("a")
            #expect(engines.member("a").swarm == nil && engines.requests("a", "/swarm/leave") == 3)
        }
    }

    @Test("A node is removed when it is down or by force, a second time in peace, and not while it is up")
    func removal() async throws {
        try await FakeEngines.run("a", "b", "c") { engines in
            let swarm = engines.membership
            let nodes = try await grown(swarm, [("b", .worker), ("c", .worker)])
            let (b, c) = (nodes["b"] ?? "", nodes["c"] ?? "")
            let refusal = await error { try await swarm.remove(b, through: ["a"]) }
            #expect(refusal?.code == .invalidState && refusal?.message.contains("still up") == true)
            try await swarm.leave("b")
            try await swarm.leave("b")
            for _ in 0..<2 { try await swarm.remove(b, through: ["a"]) }
            try await swarm.remove(c, through: ["a"], force: true)
            #expect(try await swarm.nodes(through: ["a"]).map(\.id) == [nodes["a"]])
            #expect(await error { try await swarm.remove(nodes["a"] ?? "", through: ["a"]) } != nil)
        }
    }

    @Test("A Swarm that is not whole is told machine by machine")
    func verified() async throws {
        try await FakeEngines.run("a", "b", "c") { engines in
            let swarm = engines.membership
            let nodes = try await grown(swarm, [("b", .manager), ("c", .worker)])
            func member(_ address: String, _ role: MachineRole) -> SwarmMember {
                SwarmMember(name: "prod-" + address, nodeID: nodes[address] ?? "nobody", role: role)
            }
            try await swarm.verify(
                [member("a", .manager), member("b", .manager), member("c", .worker)], through: ["a"])
            engines.member("b").die()
            let refusal = await error {
                try await swarm.verify(
                    [member("a", .worker), member("b", .manager), member("c", .manager), member("d", .worker)],
                    through: ["b", "a"], limit: .seconds(9))
            }
            #expect(refusal?.code == .unavailable)
            #expect(
                refusal?.message.hasSuffix(
                    "9 s: prod-a is a manager, prod-b is down, prod-c is a worker, prod-d is no node of it") == true)
        }
    }

    @Test("A locked manager is told as such, and opens to its own key only")
    func locked() async throws {
        try await FakeEngines.run("a", "b") { engines in
            let swarm = engines.membership
            _ = try await swarm.initialize("a", advertise: "a", autolock: true)
            _ = try await swarm.join("b", advertise: "b", as: .manager, through: ["a"])
            let key = try #require(try await swarm.unlockKey(through: ["a"]))
            engines.member("a").restart()
            #expect(
                await error { _ = try await swarm.initialize("a", advertise: "a") }?.message.contains("locked") == true)
            #expect(try await swarm.unlockKey(through: ["a", "b"]) == key)
            #expect(await error { try await swarm.unlock("a", key: Redacted("SWMKEY-1-x")) }?.code == .forbidden)
            for _ in 0..<2 { try await swarm.unlock("a", key: key) }
            #expect(try await swarm.nodes(through: ["a"]).count == 2)
        }
    }
}
