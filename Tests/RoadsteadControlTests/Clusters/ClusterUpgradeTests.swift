import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

/// Engines are changed one after the other on hosts and a Swarm in memory.
@Suite struct ClusterUpgradeTests {
    private func upgraded(
        managers: Int, workers: Int, _ prepare: (inout SimulatedWorld) -> Void = { _ in },
        _ check: (ClusterTrial, ResourceID, StoredDocument) async throws -> Void
    ) async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add(["managers": JSONValue(managers), "workers": JSONValue(workers)])
        let made = try await trial.perform("create", id)
        try #require(made["state"] == "SUCCESS", "\(Self.message(made))")
        trial.world.change { world in
            world.upgrades.available = ["26.1.5", "20.10.24"]
            world.upgrades.services = ["web", "db"]
            prepare(&world)
        }
        try await trial.edit(id, ["engine": ["version": "26.1"]])
        try await check(trial, id, try await trial.perform("upgrade", id))
    }

    private static func message(_ job: StoredDocument) -> String { job["status-message"]?.stringValue ?? "" }

    private func address(_ trial: ClusterTrial, _ id: ResourceID, _ name: String) async throws -> String {
        try #require(try await trial.machines(id).first { $0.name == name }?.address)
    }

    @Test("managers come first and their leader last among them, one node at a time, and only the engine is made live")
    func order() async throws {
        try await upgraded(managers: 3, workers: 2) { trial, id, job in
            #expect(job["state"] == "SUCCESS", "\(Self.message(job))")
            let world = trial.world.value
            let leader = world.nodes.filter { $0.value.role == .manager }.keys.min() ?? ""
            #expect(world.upgrades.order.count == 5 && world.upgrades.order[2] == leader)
            #expect(world.upgrades.order.prefix(3).allSatisfy { world.nodes[$0]?.role == .manager })
            #expect(world.upgrades.mostDrained == 1)
            #expect(world.nodes.values.allSatisfy { $0.availability == "active" })
            #expect(try await trial.machines(id).allSatisfy { $0.engineVersion == "26.1.5" && $0.setAside == nil })
            #expect(try await trial.cluster(id).applied()?.engine.version == "26.1")
            #expect(try await trial.cluster(id).state == .ready)
            let again = try await trial.perform("upgrade", id)
            #expect(again["state"] == "SUCCESS" && trial.world.value.upgrades.order.count == 5)
        }
    }

    @Test("edits of the specification beside the engine wait for an apply")
    func engineOnly() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add(["managers": 1])
        try await trial.perform("create", id)
        trial.world.change { $0.upgrades.available = ["26.1.5"] }
        try await trial.edit(id, ["workers": 1, "engine": ["version": "26.1"]])
        let plan = try await trial.value("plan", id, ["operation": "upgrade"])
        #expect(plan["operation"] == "upgrade" && plan["changes"] == 1)
        try await trial.perform("upgrade", id)
        #expect(try await trial.machines(id).count == 1)
        #expect(try await trial.cluster(id).applied()?.workers == 0)
        #expect(try await trial.cluster(id).specification().workers == 1)
    }

    @Test("a node that its people have drained is changed and stays drained; one that is paused is paused again")
    func drained() async throws {
        try await upgraded(managers: 1, workers: 3) { world in
            let workers = world.nodes.filter { $0.value.role == .worker }.keys.sorted()
            world.nodes[workers[0]]?.availability = "drain"
            world.nodes[workers[1]]?.availability = "pause"
        } _: { trial, _, job in
            #expect(job["state"] == "SUCCESS", "\(Self.message(job))")
            let world = trial.world.value
            #expect(world.upgrades.order.count == 4)
            let workers = world.nodes.filter { $0.value.role == .worker }.sorted { $0.key < $1.key }
            #expect(workers.map(\.value.availability) == ["drain", "pause", "active"])
        }
    }

    @Test("a cluster of one node is changed without draining it, and says so")
    func single() async throws {
        try await upgraded(managers: 1, workers: 0) { trial, _, job in
            #expect(job["state"] == "SUCCESS")
            #expect(Self.message(job).contains("warning: prod-1 was not drained"), "\(Self.message(job))")
            #expect(trial.world.value.upgrades.mostDrained == 0)
        }
    }

    @Test(
        "tasks that do not leave a node stop the upgrade before it: their services are named, and it takes tasks again")
    func held() async throws {
        try await upgraded(managers: 1, workers: 1) { world in
            for node in world.nodes.values where node.role == .worker { world.upgrades.held[node.id] = ["db"] }
        } _: { trial, id, job in
            #expect(job["state"] == "FAILED")
            #expect(Self.message(job).contains("prod-2 was not empty after 300 s: tasks of db"), "\(Self.message(job))")
            let world = trial.world.value
            #expect(world.upgrades.order.count == 1, "the manager came first")
            #expect(world.nodes.values.allSatisfy { $0.availability == "active" })
            let cluster = try await trial.cluster(id)
            #expect(cluster.state == .degraded)
        }
    }

    @Test("the next node is not touched while a service that was whole is not; then the same upgrade goes on")
    func gate() async throws {
        try await upgraded(managers: 1, workers: 1) { world in
            world.upgrades.broken = ["db"]
            world.nodes.first { $0.value.role == .manager }.map { world.upgrades.breaks[$0.key] = "web" }
        } _: { trial, id, job in
            #expect(job["state"] == "FAILED")
            // db was broken before.
            #expect(Self.message(job).contains("prod-1 was changed, web did not"), "\(Self.message(job))")
            #expect(trial.world.value.upgrades.order.count == 1)
            trial.world.change { $0.upgrades.broken = ["db"] }
            let again = try await trial.perform("upgrade", id)
            #expect(again["state"] == "SUCCESS", "\(Self.message(again))")
            #expect(trial.world.value.upgrades.order.count == 2)
            #expect(try await trial.cluster(id).state == .ready)
        }
    }

    @Test("a version that is not to be had, and one that is older, stop the upgrade before any node is drained")
    func versions() async throws {
        try await upgraded(managers: 1, workers: 1) {
            $0.upgrades.available = ["20.10.24"]
        } _: { trial, id, job in
            #expect(job["state"] == "FAILED" && Self.message(job).contains("no engine 26.1"), "\(Self.message(job))")
            #expect(trial.world.value.upgrades.mostDrained == 0)
            trial.world.change { $0.upgrades.available = ["19.3.1"] }
            try await trial.edit(id, ["engine": [:]])
            let older = try await trial.perform("upgrade", id)
            #expect(Self.message(older).contains("is not taken back"), "\(Self.message(older))")
            #expect(trial.world.value.upgrades.order.isEmpty && trial.world.value.upgrades.mostDrained == 0)
        }
    }

    @Test("an engine that cannot be installed leaves its node drained and named; a later upgrade gives it back")
    func refused() async throws {
        try await upgraded(managers: 1, workers: 1) { world in
            world.upgrades.refuses = Set(world.nodes.filter { $0.value.role == .worker }.keys)
        } _: { trial, id, job in
            #expect(
                job["state"] == "FAILED" && Self.message(job).contains("prod-2 stays drained"), "\(Self.message(job))")
            let worker = try await address(trial, id, "prod-2")
            #expect(trial.world.value.nodes[worker]?.availability == "drain")
            trial.world.change { $0.upgrades.refuses = [] }
            let again = try await trial.perform("upgrade", id)
            #expect(again["state"] == "SUCCESS", "\(Self.message(again))")
            #expect(trial.world.value.nodes[worker]?.availability == "active")
            #expect(try await trial.machines(id).allSatisfy { $0.setAside == nil })
        }
    }

    @Test("no manager's engine is touched while another manager does not answer")
    func quorum() async throws {
        try await upgraded(managers: 3, workers: 0) { world in
            world.nodes.keys.max().map { _ = world.down.insert($0) }
        } _: { trial, id, job in
            #expect(job["state"] == "FAILED" && Self.message(job).contains("does not answer"), "\(Self.message(job))")
            #expect(trial.world.value.upgrades.order.isEmpty && trial.world.value.upgrades.mostDrained == 0)
            let machines = try await trial.machines(id)
            #expect(machines.count == 3)
        }
    }

    @Test("a manager of a Swarm that is locked gets the key after its engine has started")
    func locked() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add(["managers": 1, "workers": 1, "autolock": true])
        try await trial.perform("create", id)
        trial.world.change { ($0.upgrades.available, $0.upgrades.locks) = (["20.10.25"], true) }
        let job = try await trial.perform("upgrade", id)
        #expect(job["state"] == "SUCCESS", "\(Self.message(job))")
        let world = trial.world.value
        #expect(world.upgrades.unlocked == [world.upgrades.order.first] && world.locked.isEmpty)
    }

    // MARK: - One machine

    @Test("one machine is upgraded, and gets a new certificate, while the others stay as they are")
    func one() async throws {
        try await upgraded(managers: 1, workers: 1) {
            $0.upgrades.available = ["20.10.24"]
        } _: { trial, id, _ in
            trial.world.change { $0.upgrades.available = ["26.1.5"] }
            let (first, second) = (try await address(trial, id, "prod-1"), try await address(trial, id, "prod-2"))
            let machine = try #require(try await trial.machines(id).last)
            let upgrade = try await trial.perform("upgrade", machine.id)
            #expect(upgrade["state"] == "SUCCESS", "\(Self.message(upgrade))")
            #expect(trial.world.value.upgrades.versions == [second: "26.1.5"])
            #expect(try await trial.cluster(id).applied()?.engine.version == nil)

            let before = trial.world.value.engines
            let renewal = try await trial.perform("regenerate-certs", machine.id)
            #expect(renewal["state"] == "SUCCESS", "\(Self.message(renewal))")
            let after = trial.world.value
            #expect(after.engines[first] == before[first] && after.engines[second] != before[second])
            #expect(after.upgrades.order == [second] && after.nodes.values.allSatisfy { $0.availability == "active" })
            let renewed = try #require(try await trial.machines(id).last?.stored)
            #expect(renewed["engine-certificate"]?.stringValue == after.engines[second])
            #expect(renewed["next-certificate"] == nil && renewed["next-key"] == nil)
            #expect(try trial.store.opened("engine-key", of: renewed) != nil)
        }
    }

    @Test("a worker that is removed is not made again; a manager's place is taken by a worker; the last node stays")
    func removal() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add(["managers": 1, "workers": 2])
        try await trial.perform("create", id)
        for (name, left) in [("prod-2", 1), ("prod-1", 0)] {
            let machine = try #require(try await trial.machines(id).first { $0.name == name })
            let job = try await trial.perform("remove", machine.id)
            #expect(job["state"] == "SUCCESS", "\(Self.message(job))")
            #expect(try await trial.cluster(id).specification().workers == left)
            #expect(try await trial.value("plan", id)["changes"] == 0)
        }
        #expect(try await trial.nodes(id) == ["prod-3": .manager])
        #expect(trial.world.value.nodes.count == 1)
        let last = try #require(try await trial.machines(id).first)
        await #expect { try await trial.ask("remove", last.id) } throws: { error in
            (error as? RoadsteadError)?.message.contains("is the only node") == true
        }
        #expect(try await trial.cluster(id).state == .ready)
        #expect(try await trial.machines(id).first?.state == .running)
    }

    @Test("a manager is not removed when the others would have no majority, and nothing is changed by asking")
    func removalOfQuorum() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add(["managers": 3, "workers": 1])
        try await trial.perform("create", id)
        let machines = try await trial.machines(id)
        let managers = machines.filter { $0.role == .manager }
        trial.world.change { $0.down = Set(managers.suffix(1).compactMap(\.address)) }
        let worker = try #require(machines.first { $0.role == .worker })
        trial.world.change { world in worker.address.map { _ = world.down.insert($0) } }
        let before = try await trial.cluster(id).stored["specification"]
        await #expect(throws: RoadsteadError.self) { try await trial.ask("remove", managers[0].id) }
        #expect(try await trial.cluster(id).stored["specification"] == before)
        #expect(try await trial.machines(id).first?.state == .running)
    }
}
