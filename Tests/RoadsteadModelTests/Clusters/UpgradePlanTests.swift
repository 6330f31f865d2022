import RoadsteadBasics
import Testing

@testable import RoadsteadModel

@Suite struct UpgradePlanTests {
    private func specification(_ engine: JSONObject, managers: Int = 1, workers: Int = 1) throws -> ClusterSpecification
    {
        try ClusterSpecification(
            json: [
                "name": "prod", "driver": "simulated", "managers": JSONValue(managers), "workers": JSONValue(workers),
                "engine": .object(engine),
            ])
    }

    private func machine(_ number: Int, _ role: MachineRole, _ version: String = "26.1.4") -> ClusterMachine {
        ClusterMachine("prod-\(number)", role, engineVersion: version)
    }

    private func names(_ plan: ClusterPlan) -> [String] { plan.steps.filter(\.isChange).map(\.name) }

    @Test(
        "an upgrade of all takes in engines that are accepted, unless one release is pinned",
        arguments: [
            (["version": "26.1.4"], 0), (["version": "26.1"], 2), ([:], 2), (["version": "26.1.5"], 2),
        ] as [(JSONObject, Int)])
    func newest(engine: JSONObject, count: Int) throws {
        let facts = ClusterFacts(machines: [machine(1, .manager), machine(2, .worker)])
        let specification = try specification(engine)
        #expect(names(try ClusterPlan.upgrade(specification, facts)).count == count)
        #expect(
            names(try ClusterPlan.make(specification, facts)).count(where: { $0.hasPrefix("prod") })
                == (engine == ["version": "26.1.5"] ? 2 : 0))
    }

    @Test("an engine is not taken back to an older one: that is a warning, and changes nothing")
    func older() throws {
        let facts = ClusterFacts(machines: [machine(1, .manager, "27.0.1"), machine(2, .worker, "26.1.4+dfsg1")])
        let plan = try ClusterPlan.upgrade(try specification(["version": "26.1.5"]), facts)
        #expect(names(plan) == ["prod-2"])
        #expect(plan.warnings.count == 1 && plan.warnings[0].contains("prod-1 has engine 27.0.1"))
    }

    @Test("what services notice is told before: of one node and of two, and not of three", arguments: [1, 2, 3])
    func notice(count: Int) throws {
        let machines = (1...count).map { machine($0, $0 == 1 ? .manager : .worker) }
        let specification = try specification(["version": "27.0"], workers: count - 1)
        let warnings = try ClusterPlan.upgrade(specification, ClusterFacts(machines: machines)).warnings
        #expect(warnings.count == (count < 3 ? 1 : 0))
    }

    @Test("versions are compared by their numbers, as far as both have them")
    func comparison() {
        for (left, right) in [("20.10.24", "26.1"), ("26.1.5+dfsg1", "26.1.10"), ("9.0", "10.0"), ("26", "27.0.1")] {
            #expect(ClusterEngine.isOlder(left, than: right) && !ClusterEngine.isOlder(right, than: left))
        }
        for (left, right) in [("26.1", "26.1.5"), ("26.1.5", "26.1.5+dfsg1"), ("", "26.1")] {
            #expect(!ClusterEngine.isOlder(left, than: right) && !ClusterEngine.isOlder(right, than: left))
        }
    }

    @Test("what was set aside comes first, then managers with the leader last, then workers")
    func order() throws {
        var machines = [
            machine(1, .manager), machine(2, .manager), machine(3, .manager), machine(4, .worker), machine(5, .worker),
        ]
        machines[0].isLeader = true
        machines[4].isSetAside = true
        let plan = try ClusterPlan.upgrade(
            try specification(["version": "27.0.1"], managers: 3, workers: 2), ClusterFacts(machines: machines))
        #expect(names(plan) == ["prod-5", "prod-2", "prod-3", "prod-1", "prod-4"])
    }

    @Test("while a manager does not answer no other is changed; a worker that does not is left as it is")
    func silent() throws {
        var machines = [machine(1, .manager), machine(2, .manager), machine(3, .manager), machine(4, .worker)]
        let specification = try specification(["version": "27.0"], managers: 3)
        machines[3].state = .lost
        let plan = try ClusterPlan.upgrade(specification, ClusterFacts(machines: machines))
        #expect(names(plan) == ["prod-1", "prod-2", "prod-3"] && plan.warnings.count == 1)
        machines[2].state = .lost
        let error = #expect(throws: RoadsteadError.self) {
            try ClusterPlan.upgrade(specification, ClusterFacts(machines: machines))
        }
        #expect(error?.message.contains("prod-3 does not answer") == true)
    }

    @Test(
        "a certificate is renewed along with the engine, by one stop of it; packages come before the first node is touched"
    )
    func steps() throws {
        var machines = [machine(1, .manager), machine(2, .worker, "27.0.1")]
        for index in machines.indices { machines[index].certificateFault = "ends 2026-12-01" }
        let plan = try ClusterPlan.make(try specification(["version": "27.0"]), ClusterFacts(machines: machines))
        let graph = try ClusterSteps.apply(plan)
        let names = graph.steps.map(\.name).filter { $0.contains("/") }
        #expect(
            names == [
                "fetch/prod-1", "renew/prod-1", "inspect/prod-1", "evacuate/prod-1", "upgrade/prod-1",
                "activate/prod-1",
                "settle/prod-1", "renew/prod-2", "inspect/prod-2", "evacuate/prod-2", "upgrade/prod-2",
                "activate/prod-2",
                "settle/prod-2",
            ])
        #expect(graph.step(named: "inspect/prod-2")?.dependencies == ["renew/prod-2"])
    }

    @Test("other packages than the specification's are changed, whatever their version")
    func packages() throws {
        var known = machine(1, .manager)
        known.enginePackages = .distribution
        let plan = try ClusterPlan.make(
            try specification(["packages": "docker"], workers: 0), ClusterFacts(machines: [known]))
        #expect(plan.steps.last?.changes.map(\.path) == ["engine.packages"])
    }

    @Test("without one machine: of hosts that exist the first worker follows a manager, and its own labels go")
    func without() throws {
        let hosts: [JSONValue] = (1...4).map { ["address": .string("10.0.0.\($0)")] }
        let all = try ClusterSpecification(
            json: [
                "name": "lab", "driver": "generic", "managers": 3, "hosts": .array(hosts),
                "labels": ["nodes": ["lab-1": ["a": "b"]]],
            ])
        let left = try all.without(ClusterMachine("lab-1", .manager, host: "10.0.0.1:22"))
        #expect(left.managers == 3 && left.workers == 0 && left.labels.isEmpty)
        #expect(left.hosts.map(\.role) == [.manager, .manager, .manager])
        #expect(try ClusterSpecification(json: .object(left.json)) == left)
        #expect(throws: RoadsteadError.self) {
            try left.without(ClusterMachine("lab-2", .manager, host: "10.0.0.2:22"))
        }
    }
}
