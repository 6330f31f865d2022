import RoadsteadBasics
import RoadsteadClouds
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

/// The server is killed at every write of a cluster's job, before and after what was under way in the outside world then: the
/// next server brings the job to its end, and nothing is double or left.
@Suite struct ClusterCrashTests {
    /// Whether deeds that were under way still happen, unheard, after the process is gone: at no write, at every one, or, to
    /// save time, at every second one.
    enum Deeds: CaseIterable { case never, always, alternating }

    static let moments = [Deeds.never, .always]

    /// Kills the server at the first write, then at the second, and so on, until the job is faster.
    private func killEverywhere(
        _ deeds: Deeds, _ prepare: (ClusterTrial) async throws -> (cluster: ResourceID, job: ResourceID),
        _ check: (ClusterTrial, _ cluster: ResourceID, _ job: ResourceID, _ count: Int) async throws -> Void
    ) async throws -> Int {
        for count in 1... {
            let trial = try await ClusterTrial.make()
            let (cluster, job) = try await prepare(trial)
            let finishesDeeds = deeds == .alternating ? count.isMultiple(of: 2) : deeds == .always
            let server = KilledServer(trial: trial, job: job, count: count, finishesDeeds: finishesDeeds)
            let isKilled = try await server.run()
            try await check(trial, cluster, job, count)
            if !isKilled { return count }
        }
        return 0
    }

    private func created(_ trial: ClusterTrial, _ specification: JSONObject) async throws -> ResourceID {
        let id = try await trial.add(specification)
        let job = try await trial.perform("create", id)
        try #require(job["state"] == "SUCCESS", "\(job["status-message"]?.stringValue ?? "")")
        return id
    }

    @Test("create ends in exactly the cluster that was asked for", arguments: moments)
    func create(deeds: Deeds) async throws {
        let count = try await killEverywhere(deeds) { trial in
            let id = try await trial.add(["managers": 1, "workers": 1, "labels": ["workers": ["a": "b"]]])
            return (id, try await trial.ask("create", id))
        } _: { trial, id, job, count in
            let ended = try await trial.finish(job)
            #expect(ended["state"] == "SUCCESS", "\(count): \(ended["status-message"]?.stringValue ?? "")")
            #expect(try await trial.nodes(id) == ["prod-1": .manager, "prod-2": .worker], "\(count)")
            #expect(await trial.cloud.leaks() == [.machine: 2, .firewall: 1, .key: 1], "\(count)")
            let world = trial.world.value
            #expect(world.swarms == 1 && world.joins == 1 && world.prepared == 2, "\(count)")
            #expect(world.nodes.values.filter { $0.labels == ["a": "b"] }.count == 1, "\(count)")
            #expect(try await trial.cluster(id).state == .ready, "\(count)")
            #expect(try await trial.count(of: "infrastructure-service") == 1, "\(count)")
            #expect(try await trial.count(of: "credential") == 1, "\(count)")
            #expect(try await trial.journal(id).isEmpty, "\(count)")
        }
        #expect(count > 20)
    }

    @Test("a create that is killed, cancelled and undone leaves nothing")
    func undo() async throws {
        let count = try await killEverywhere(.alternating) { trial in
            let id = try await trial.add(["managers": 1, "workers": 1])
            return (id, try await trial.ask("create", id))
        } _: { trial, id, job, count in
            _ = try? await trial.store.write { try $0.cancelJob(job) }
            try await trial.serving {
                try await until("the cancelled job is settled") { try await trial.cluster(id).state != .creating }
            }
            let state = try await trial.cluster(id).state
            // Ended before anything was written down.
            guard state != .created else { return try await trial.expectNothing(of: id, .created) }
            let operation = state == .ready ? "terminate" : "undo"
            let ended = try await trial.perform(operation, id)
            #expect(ended["state"] == "SUCCESS", "\(count): \(ended["status-message"]?.stringValue ?? "")")
            try await trial.expectNothing(of: id, operation == "undo" ? .created : .terminated)
        }
        #expect(count > 20)
    }

    @Test("an apply that scales up ends in what was asked for")
    func scaleUp() async throws {
        let count = try await killEverywhere(.alternating) { trial in
            let id = try await created(trial, ["managers": 1])
            try await trial.edit(id, ["workers": 1])
            return (id, try await trial.ask("apply", id))
        } _: { trial, id, job, count in
            let ended = try await trial.finish(job)
            #expect(ended["state"] == "SUCCESS", "\(count): \(ended["status-message"]?.stringValue ?? "")")
            #expect(try await trial.nodes(id) == ["prod-1": .manager, "prod-2": .worker], "\(count)")
            #expect(await trial.cloud.leaks() == [.machine: 2, .firewall: 1, .key: 1], "\(count)")
            #expect(trial.world.value.joins == 1 && trial.world.value.nodes.count == 2, "\(count)")
            #expect(try await trial.value("plan", id)["changes"] == 0, "\(count)")
        }
        #expect(count > 10)
    }

    @Test("an apply that scales down removes what is surplus, and nothing else")
    func scaleDown() async throws {
        let count = try await killEverywhere(.alternating) { trial in
            let id = try await created(trial, ["managers": 1, "workers": 1])
            try await trial.edit(id, ["workers": 0])
            return (id, try await trial.ask("apply", id))
        } _: { trial, id, job, count in
            let ended = try await trial.finish(job)
            #expect(ended["state"] == "SUCCESS", "\(count): \(ended["status-message"]?.stringValue ?? "")")
            #expect(try await trial.nodes(id) == ["prod-1": .manager], "\(count)")
            #expect(await trial.cloud.leaks() == [.machine: 1, .firewall: 1, .key: 1], "\(count)")
            #expect(trial.world.value.nodes.count == 1, "\(count)")
            #expect(try await trial.count(of: "machine") == 1, "\(count)")
        }
        #expect(count > 5)
    }

    @Test("an upgrade ends with every engine changed and no node left drained", arguments: moments)
    func upgrade(deeds: Deeds) async throws {
        let count = try await killEverywhere(deeds) { trial in
            let id = try await created(trial, ["managers": 1, "workers": 1])
            trial.world.change {
                $0.upgrades.available = ["26.1.5", "20.10.24"]
                $0.upgrades.services = ["web"]
            }
            try await trial.edit(id, ["engine": ["version": "26.1"]])
            return (id, try await trial.ask("upgrade", id))
        } _: { trial, id, job, count in
            let ended = try await trial.finish(job)
            #expect(ended["state"] == "SUCCESS", "\(count): \(ended["status-message"]?.stringValue ?? "")")
            #expect(try await trial.nodes(id) == ["prod-1": .manager, "prod-2": .worker], "\(count)")
            let world = trial.world.value
            #expect(world.nodes.keys.allSatisfy { world.version(at: $0) == "26.1.5" }, "\(count)")
            #expect(world.nodes.values.allSatisfy { $0.availability == "active" }, "\(count)")
            #expect(world.upgrades.mostDrained <= 1, "\(count)")
            #expect(try await trial.machines(id).allSatisfy { $0.setAside == nil }, "\(count)")
            #expect(try await trial.value("plan", id)["changes"] == 0, "\(count)")
            #expect(try await trial.journal(id).isEmpty, "\(count)")
        }
        #expect(count > 20)
    }

    @Test("a machine that is removed is gone, once, and the cluster asks for one less")
    func removeMachine() async throws {
        let count = try await killEverywhere(.alternating) { trial in
            let id = try await created(trial, ["managers": 1, "workers": 2])
            let machine = try #require(try await trial.machines(id).first { $0.name == "prod-2" })
            return (id, try await trial.ask("remove", machine.id))
        } _: { trial, id, job, count in
            let ended = try await trial.finish(job)
            #expect(ended["state"] == "SUCCESS", "\(count): \(ended["status-message"]?.stringValue ?? "")")
            #expect(try await trial.nodes(id) == ["prod-1": .manager, "prod-3": .worker], "\(count)")
            #expect(await trial.cloud.leaks() == [.machine: 2, .firewall: 1, .key: 1], "\(count)")
            #expect(try await trial.cluster(id).applied()?.workers == 1, "\(count)")
            #expect(try await trial.value("plan", id)["changes"] == 0, "\(count)")
        }
        #expect(count > 5)
    }

    @Test("a terminate leaves nothing", arguments: moments)
    func terminate(deeds: Deeds) async throws {
        let count = try await killEverywhere(deeds) { trial in
            let id = try await created(trial, ["managers": 1, "workers": 1])
            return (id, try await trial.ask("terminate", id))
        } _: { trial, id, job, count in
            let ended = try await trial.finish(job)
            #expect(ended["state"] == "SUCCESS", "\(count): \(ended["status-message"]?.stringValue ?? "")")
            try await trial.expectNothing(of: id, .terminated)
        }
        #expect(count > 10)
    }
}
