import RoadsteadBasics
import RoadsteadModel
import Testing

@Suite("A graph of steps")
struct StepGraphTests {
    private func step(_ name: String, _ after: Set<String> = [], kind: String = "k") -> GraphStep {
        GraphStep(name, kind: kind, after: after)
    }

    @Test("steps stand behind those that they wait for, otherwise as they were given")
    func order() throws {
        let graph = try StepGraph([step("d", ["c", "b"]), step("a"), step("b", ["a"]), step("c")])
        #expect(graph.steps.map(\.name) == ["a", "c", "b", "d"])
        #expect(graph.descendants(of: "a") == ["b", "d"])
    }

    @Test("kept as JSON and read again it is the same graph; anything else is refused")
    func json() throws {
        let steps = [
            step("a"), GraphStep("b/prod-1", kind: "b", subject: "prod-1", after: ["a"]), step("c", ["a", "b/prod-1"]),
        ]
        let graph = try StepGraph(steps, limits: ["k": 2])
        #expect(try StepGraph(json: graph.json, limits: ["k": 2]) == graph)
        for wrong in [JSONValue.null, ["a"], [["name": "a", "kind": "k"]]] {
            #expect(throws: RoadsteadError.self) { _ = try StepGraph(json: wrong) }
        }
    }

    @Test("a circle, a name that comes twice, an unknown dependency and a limit of none are refused")
    func refusals() {
        for (steps, words) in [
            ([step("a", ["b"]), step("b", ["a"])], "circle"), ([step("a"), step("a")], "comes twice"),
            ([step("a", ["z"])], "waits for 'z'"), ([step("a", ["a"])], "circle"),
        ] {
            let error = #expect(throws: RoadsteadError.self) { _ = try StepGraph(steps) }
            #expect(error?.message.contains(words) == true)
        }
        #expect(throws: RoadsteadError.self) { _ = try StepGraph([], limits: ["k": 0]) }
    }

    @Test("what may begin is bound by dependencies, by the limit of its kind and by the limit of all")
    func readiness() throws {
        let steps = [step("a"), step("b"), step("c", kind: "x"), step("d", ["a"])]
        var state = StepGraphState(try StepGraph(steps, limits: ["k": 1]))
        #expect(state.begin().map(\.name) == ["a", "c"])
        #expect(state.begin().isEmpty)
        state.finish("a")
        #expect(state.begin().map(\.name) == ["b"])
        state.finish("b")
        #expect(state.begin().map(\.name) == ["d"])
        state.finish("c")
        state.finish("d")
        #expect(state.isComplete)
        var narrow = StepGraphState(try StepGraph(steps), limit: 1)
        #expect(narrow.begin().map(\.name) == ["a"])
    }

    @Test("a failure blocks what depends on it and nothing else; what was done before counts")
    func failure() throws {
        let graph = try StepGraph([step("a"), step("b", ["a"]), step("c", ["b"]), step("d"), step("e", ["d"])])
        var state = StepGraphState(graph, done: ["d"])
        #expect(state.begin().map(\.name) == ["a", "e"])
        state.fail("a")
        state.finish("e")
        #expect(state.begin().isEmpty)
        #expect(state.blocked == ["b", "c"] && state.failed == ["a"] && state.done == ["d", "e"])
    }

    @Test("the reverse undoes followers first, and leaving steps out keeps the order of the others")
    func reversedAndFiltered() throws {
        let graph = try StepGraph([step("a"), step("b", ["a"]), step("c", ["b"])])
        #expect(graph.reversed.steps.map(\.name) == ["c", "b", "a"])
        #expect(graph.reversed.step(named: "a")?.dependencies == ["b"])
        let filtered = graph.filter { $0.name != "b" }
        #expect(filtered.step(named: "c")?.dependencies == ["a"])
    }
}
