import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadTestKit
import Testing

@Suite("Running a graph of steps", .timeLimit(.minutes(2)))
struct StepGraphRunnerTests {
    private func runner(
        _ graph: StepGraph, _ world: StepWorld, _ journal: MemoryJournal, keepsGoing: Bool = true
    ) -> StepGraphRunner {
        var options = StepGraphOptions()
        options.keepsGoing = keepsGoing
        return StepGraphRunner(
            graph, actions: world, journal: journal, options: options, clock: HurriedClock(), ids: SequenceIDs())
    }

    private static func randomGraph(_ random: inout SeededRandom) throws -> StepGraph {
        let count = Int.random(in: 1...12, using: &random)
        let steps = (0..<count).map { index in
            let after = (0..<index).filter { _ in Int.random(in: 0..<4, using: &random) == 0 }.map { "s\($0)" }
            return GraphStep("s\(index)", kind: index.isMultiple(of: 3) ? "rare" : "k", after: Set(after))
        }
        return try StepGraph(steps.shuffled(using: &random), limits: ["rare": 1])
    }

    @Test("killed at random points again and again, every step takes effect exactly once and the graph ends complete")
    func crashesAndResumes() async throws {
        for seed in 0..<300 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let graph = try Self.randomGraph(&random)
            let (world, journal) = (StepWorld(adopts: Bool.random(using: &random)), MemoryJournal())
            var kills = 0
            while true {
                let dies = kills < 8 ? Int.random(in: 1...(2 * graph.steps.count + 1), using: &random) : .max
                journal.revive(dyingAt: dies, durable: Bool.random(using: &random))
                do {
                    let outcome = try await runner(graph, world, journal).run()
                    #expect(outcome.isComplete, "seed \(seed)")
                    break
                } catch is Killed { kills += 1 }
            }
            let end = world.state.value
            #expect(end.made == Dictionary(uniqueKeysWithValues: graph.steps.map { ($0.name, 1) }), "seed \(seed)")
            #expect(end.orderProblems == [], "seed \(seed)")
            #expect(end.peaks["rare", default: 0] <= 1, "seed \(seed)")
            #expect(try await journal.records().count == graph.steps.count)
        }
    }

    @Test("killed anywhere and then undone, itself killed at every point: nothing is left, followers go first")
    func undoLeavesNothing() async throws {
        for seed in 0..<300 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let graph = try Self.randomGraph(&random)
            let (world, journal) = (StepWorld(), MemoryJournal())
            journal.revive(
                dyingAt: Int.random(in: 1...(2 * graph.steps.count + 1), using: &random),
                durable: Bool.random(using: &random))
            do { _ = try await runner(graph, world, journal).run() } catch is Killed {}
            var kills = 0
            while true {
                let dies = kills < 6 ? Int.random(in: 1...(graph.steps.count + 1), using: &random) : .max
                journal.revive(dyingAt: dies, durable: Bool.random(using: &random))
                do {
                    let outcome = try await runner(graph, world, journal).undo()
                    #expect(outcome.isComplete, "seed \(seed)")
                    break
                } catch is Killed { kills += 1 }
            }
            let end = world.state.value
            #expect(end.things == [:], "seed \(seed)")
            #expect(try await journal.records().isEmpty, "seed \(seed)")
            for (index, name) in end.undone.enumerated() {
                let later = Set(end.undone[index...].dropFirst())
                #expect(graph.descendants(of: name).isDisjoint(with: later), "seed \(seed): \(end.undone)")
            }
        }
    }

    private var chain: StepGraph {
        get throws {
            try StepGraph([
                GraphStep("a", kind: "k"), GraphStep("b", kind: "k", after: ["a"]),
                GraphStep("c", kind: "k", after: ["b"]), GraphStep("x", kind: "k"),
            ])
        }
    }

    @Test("an error that may pass is tried again after asking what happened; nothing is made twice")
    func retries() async throws {
        let (world, journal) = (StepWorld(), MemoryJournal())
        world.state.change {
            $0.errors["b"] = [
                (RoadsteadError(.unavailable, "not now"), false), (RoadsteadError(.timeout, "no answer"), true),
            ]
        }
        let outcome = try await runner(try chain, world, journal).run()
        #expect(outcome.isComplete)
        #expect(world.state.value.made == ["a": 1, "b": 1, "c": 1, "x": 1])
        // The third time it was found.
        #expect(world.state.value.performed.count { $0 == "b" } == 2)
        #expect(journal.state.value.events.contains("failed b: not now"))
    }

    @Test("a step that fails for good blocks its followers, not the others; the outcome names it")
    func failsForGood() async throws {
        let (world, journal) = (StepWorld(), MemoryJournal())
        world.state.change { $0.errors["a"] = [(RoadsteadError(.forbidden, "no rights"), false)] }
        let outcome = try await runner(try chain, world, journal).run()
        #expect(outcome.failures.keys.sorted() == ["a"] && outcome.skipped == ["b", "c"])
        #expect(outcome.results["x"] != nil)
        let error = #expect(throws: RoadsteadError.self) { try outcome.requireComplete() }
        #expect(error?.code == .forbidden && error?.message == "a: no rights")
        // The same command again goes on from there.
        let next = try await runner(try chain, world, journal).run()
        #expect(next.isComplete && world.state.value.made == ["a": 1, "b": 1, "c": 1, "x": 1])
    }

    @Test("an error that may pass and does not within the attempts is the step's failure, and keeps its code")
    func givesUp() async throws {
        let (world, journal) = (StepWorld(), MemoryJournal())
        world.state.change {
            $0.errors["x"] = Array(repeating: (RoadsteadError(.unavailable, "down"), false), count: 9)
        }
        let outcome = try await runner(try chain, world, journal).run()
        #expect(outcome.failures["x"]?.code == .unavailable)
        #expect(world.state.value.performed.count { $0 == "x" } == 5)
    }

    @Test("at a border nothing new begins, what is done is kept, and the next run goes on")
    func border() async throws {
        let (world, journal) = (StepWorld(), MemoryJournal())
        journal.state.change { $0.stopsAtBorder = true }
        let graph = try chain
        await #expect(throws: Border.self) { _ = try await runner(graph, world, journal).run() }
        #expect(world.state.value.performed.isEmpty)
        journal.state.change { $0.stopsAtBorder = false }
        #expect(try await runner(graph, world, journal).run().isComplete)
    }

    @Test("what the journal knows and the graph does not is undone too")
    func undoesStrangers() async throws {
        let (world, journal) = (StepWorld(), MemoryJournal())
        _ = try await runner(try chain, world, journal).run()
        let other = try StepGraph([GraphStep("a", kind: "k")])
        #expect(try await runner(other, world, journal).undo().isComplete)
        #expect(world.state.value.things.isEmpty)
    }
}
