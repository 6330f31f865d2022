import RoadsteadBasics
import RoadsteadModel
import Testing

@Suite("The steps of clusters")
struct ClusterStepsTests {
    private func specification(_ json: JSONObject = [:]) throws -> ClusterSpecification {
        let base: JSONObject = ["name": "prod", "driver": "exoscale"]
        return try ClusterSpecification(json: .object(base.merging(json)))
    }

    private func create(_ specification: ClusterSpecification) throws -> StepGraph {
        try ClusterSteps.create(specification, ClusterRoster.make(specification))
    }

    /// Runs a graph purely; gives the steps in the rounds in which they can run.
    private func rounds(_ graph: StepGraph) -> [[String]] {
        var state = StepGraphState(graph)
        var rounds: [[String]] = []
        while true {
            let begun = state.begin().map(\.name)
            if begun.isEmpty { return rounds }
            rounds.append(begun.sorted())
            for name in begun { state.finish(name) }
        }
    }

    @Test("one node goes through every step; machines of a larger cluster go through them at the same time")
    func create() throws {
        let one = rounds(try create(try specification()))
        let expected = [
            ["authority", "firewall", "key"], ["machine/prod-1"], ["ssh/prod-1"], ["certificates/prod-1"],
            ["prepare/prod-1"], ["init/prod-1"], ["labels/prod-1"], ["verify"], ["register"],
        ]
        #expect(one == expected)
        // A worker's join is the only round more, however many there are.
        #expect(rounds(try create(try specification(["nodes": 20]))).count == one.count + 1)
    }

    @Test("managers join one at a time after the first began; a network of its own comes before the firewall")
    func managers() throws {
        let graph = try create(try specification(["managers": 3, "network": ["range": "10.1.0.0/24"]]))
        let all = rounds(graph)
        #expect(all.allSatisfy { round in round.count { $0.hasPrefix("join-manager/") } <= 1 })
        #expect(graph.descendants(of: "init/prod-1").isSuperset(of: ["join-manager/prod-2", "join-manager/prod-3"]))
        #expect(graph.step(named: "firewall")?.dependencies == ["network"])
    }

    @Test("hosts that exist need neither network, firewall nor key")
    func hosts() throws {
        let generic = try specification(["driver": "generic", "hosts": [["address": "h1"]]])
        let kinds = Set(try create(generic).steps.map(\.kind))
        #expect(kinds.isDisjoint(with: ["network", "firewall", "key"]))
    }

    @Test(
        "a dead manager's place is taken only when the new machine is prepared; then it is removed from the Swarm and the cloud"
    )
    func replace() throws {
        let specification = try specification(["managers": 3])
        let machines = [
            ClusterMachine("prod-1", .manager), ClusterMachine("prod-2", .manager, .lost),
            ClusterMachine("prod-3", .manager),
        ]
        let facts = ClusterFacts(machines: machines, firewall: ClusterFirewall(specification))
        let graph = try ClusterSteps.apply(try ClusterPlan.make(specification, facts))
        #expect(
            rounds(graph).flatMap(\.self) == [
                "machine/prod-4", "ssh/prod-4", "certificates/prod-4", "prepare/prod-4", "demote/prod-2",
                "join-manager/prod-4", "drain/prod-2", "labels/prod-4", "remove-node/prod-2", "remove-machine/prod-2",
                "verify",
            ])
    }

    @Test("scaling down demotes, drains, takes the node out of the Swarm and then removes the machine")
    func scaleDown() throws {
        let specification = try specification(["managers": 1])
        let machines = (1...3).map { ClusterMachine("prod-\($0)", .manager) }
        let facts = ClusterFacts(machines: machines, firewall: ClusterFirewall(specification))
        let graph = try ClusterSteps.apply(try ClusterPlan.make(specification, facts))
        let all = rounds(graph)
        #expect(Array(all.prefix(3)) == [["demote/prod-3"], ["demote/prod-2"], ["drain/prod-2", "drain/prod-3"]])
        #expect(all.last == ["verify"])
        #expect(try ClusterSteps.apply(try ClusterPlan.make(try self.specification(), self.facts(of: 1))).isEmpty)
    }

    private func facts(of count: Int) throws -> ClusterFacts {
        ClusterFacts(
            machines: (1...count).map { ClusterMachine("prod-\($0)", .manager) },
            firewall: ClusterFirewall(try specification()))
    }

    @Test(
        "termination drains all nodes, then removes every machine that may exist, then what they used, and asks the cloud last"
    )
    func terminate() throws {
        let machines = [
            ClusterMachine("prod-1", .manager), ClusterMachine("prod-2", .worker, .lost),
            ClusterMachine("prod-3", .worker, .making), ClusterMachine("prod-4", .worker, .removed),
        ]
        let all = rounds(try ClusterSteps.terminate(try specification(), machines: machines))
        #expect(
            all == [
                ["drain/prod-1"], ["remove-machine/prod-1", "remove-machine/prod-2", "remove-machine/prod-3"],
                ["remove-firewall", "remove-key"], ["remove-network"], ["unregister"], ["nothing-left"],
            ])
    }
}
