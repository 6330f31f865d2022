import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

@Suite("A graph of steps inside a job", .timeLimit(.minutes(1)))
struct JobStepJournalTests {
    @Test("a later job on the same document goes on where an earlier one failed, and another takes all of it back")
    func acrossJobs() async throws {
        let fixture = try await RunnerFixture()
        let world = StepWorld()
        world.state.change { $0.errors["m2"] = [(RoadsteadError(.forbidden, "no rights"), false)] }
        let owner = try await fixture.enqueue("item/0", action: "owner")
        let graph = try StepGraph([
            GraphStep("net", kind: "network"), GraphStep("m1", kind: "machine", subject: "prod-1", after: ["net"]),
            GraphStep("m2", kind: "machine", subject: "prod-2", after: ["net"]),
        ])
        let work = ScriptedHandler { context in
            let journal = JobStepJournal(context, owner: owner, graph: "create")
            try await StepGraphRunner(graph, actions: world, journal: journal).run().requireComplete()
            return .succeeded(message: "made")
        }
        let undo = ScriptedHandler("undo") { context in
            let journal = JobStepJournal(context, owner: owner, graph: "create")
            try await StepGraphRunner(graph, actions: world, journal: journal).undo().requireComplete()
            return .succeeded(message: "undone")
        }
        let idle = ScriptedHandler("owner") { context in
            try await context.clock.sleep(for: .seconds(1_000_000))
            return .succeeded(message: "")
        }
        try await fixture.run(fixture.runner([work, undo, idle])) {
            let first = try await fixture.job(try await fixture.enqueue(), in: .failed)
            #expect(first["status-message"] == "m2: no rights")
            #expect(steps(first) == ["network SUCCESS", "machine FAILED"])
            let second = try await fixture.job(try await fixture.enqueue("item/2"), in: .success)
            #expect(steps(second) == ["machine SUCCESS"])
            #expect(world.state.value.made == ["net": 1, "m1": 1, "m2": 1])
            let third = try await fixture.job(try await fixture.enqueue("item/3", action: "undo"), in: .success)
            #expect(steps(third) == ["undo machine SUCCESS", "undo network SUCCESS"])
            #expect(world.state.value.things.isEmpty)
            #expect(try await fixture.store.write { try $0.journal(of: owner, prefix: "graph/") }.isEmpty)
        }
    }

    @Test("some kinds of steps are had done again, what was done to one subject is forgotten, other graphs are cleared")
    func reopened() async throws {
        let fixture = try await RunnerFixture()
        let world = StepWorld(adopts: false)
        let graph = try StepGraph([
            GraphStep("m1", kind: "machine", subject: "prod-1"), GraphStep("m2", kind: "machine", subject: "prod-2"),
            GraphStep("l", kind: "labels", after: ["m1", "m2"]),
        ])
        let owner = try await fixture.enqueue("item/0", action: "owner")
        let work = ScriptedHandler { context in
            for name in ["create", "other"] {
                let journal = JobStepJournal(context, owner: owner, graph: name)
                if context.target.identifier == "2" { try await journal.forget(subject: "prod-2") }
                try await StepGraphRunner(graph, actions: world, journal: journal).run().requireComplete()
            }
            return .succeeded(message: "made")
        }
        try await fixture.run(fixture.runner([work])) {
            _ = try await fixture.job(try await fixture.enqueue(), in: .success)
            try await fixture.store.write { transaction in
                try JobStepJournal.clear(of: owner, except: "create", in: transaction)
                try JobStepJournal.reopen(["labels"], of: owner, graph: "create", in: transaction)
            }
            world.state.change { $0.performed = [] }
            _ = try await fixture.job(try await fixture.enqueue("item/2"), in: .success)
            #expect(world.state.value.performed.prefix(2) == ["m2", "l"])
            #expect(world.state.value.performed.dropFirst(2).sorted() == ["l", "m1", "m2"])
        }
    }

    private func steps(_ job: StoredDocument) -> [String] {
        (job["steps"]?.arrayValue ?? []).map { step in
            "\(step["name"]?.stringValue ?? "?") \(step["state"]?.stringValue ?? "?")"
        }
    }
}
