import RoadsteadBasics
import RoadsteadModel
import RoadsteadTestKit
import Testing

@Suite("A cluster's roster and plan")
struct ClusterPlanTests {
    private func specification(_ json: JSONObject = [:]) throws -> ClusterSpecification {
        let base: JSONObject = ["name": "prod", "driver": "exoscale"]
        return try ClusterSpecification(json: .object(base.merging(json)))
    }

    private func names(_ roster: ClusterRoster) -> [String] {
        roster.members.map { "\($0.name) \($0.role.rawValue)" + ($0.zone.map { " \($0)" } ?? "") }
    }

    /// A plan's changes of machines as words: `make prod-2`.
    private func words(_ plan: ClusterPlan) -> [String] {
        plan.steps.filter { $0.isChange && $0.kind == .machine }.map { "\($0.action.name) \($0.name)" }
    }

    private func facts(_ machines: ClusterMachine..., for specification: ClusterSpecification) -> ClusterFacts {
        ClusterFacts(machines: machines, firewall: ClusterFirewall(specification))
    }

    // MARK: Roster

    @Test("managers go over the zones first, workers where the fewest nodes are")
    func zones() throws {
        let roster = ClusterRoster.make(try specification(["managers": 3, "workers": 3, "zones": ["a", "b"]]))
        #expect(
            names(roster) == [
                "prod-1 manager a", "prod-2 manager b", "prod-3 manager a", "prod-4 worker b", "prod-5 worker a",
                "prod-6 worker b",
            ])
    }

    @Test("scaling down removes the workers with the highest numbers first and keeps all other names")
    func scaleDown() throws {
        let machines = (1...5).map { ClusterMachine("prod-\($0)", $0 == 1 ? .manager : .worker) }
        let roster = ClusterRoster.make(try specification(["nodes": 3]), machines: machines)
        #expect(names(roster) == ["prod-1 manager", "prod-2 worker", "prod-3 worker"])
        #expect(roster.surplus == ["prod-5", "prod-4"])
    }

    @Test("a new machine never gets the name of one that is there, dead or leaving")
    func namesAreNotReused() throws {
        let machines = [
            ClusterMachine("prod-1", .manager), ClusterMachine("prod-2", .worker, .lost),
            ClusterMachine("prod-3", .worker, .removing), ClusterMachine("prod-4", .worker, .removed),
        ]
        let roster = ClusterRoster.make(try specification(["nodes": 3]), machines: machines)
        #expect(names(roster) == ["prod-1 manager", "prod-4 worker", "prod-5 worker"])
        #expect(roster.surplus == ["prod-2", "prod-3"])
    }

    @Test("surplus workers become managers before machines are made, and surplus managers workers before they go")
    func rolesChange() throws {
        let machines = [
            ClusterMachine("prod-1", .manager), ClusterMachine("prod-2", .worker), ClusterMachine("prod-3", .worker),
        ]
        let grown = ClusterRoster.make(try specification(["managers": 3]), machines: machines)
        #expect(names(grown) == ["prod-1 manager", "prod-2 manager", "prod-3 manager"])
        let managers = machines.map { ClusterMachine($0.name, .manager) }
        let shrunk = ClusterRoster.make(try specification(["managers": 1, "workers": 1]), machines: managers)
        #expect(names(shrunk) == ["prod-1 manager", "prod-3 worker"])
        #expect(shrunk.surplus == ["prod-2"])
    }

    @Test("hosts keep their machines by their address, whatever their order in the document")
    func hosts() throws {
        let specification = try specification([
            "driver": "generic",
            "hosts": [["address": "h3"], ["address": "h2", "role": "manager"], ["address": "h4"]],
        ])
        let machines = [
            ClusterMachine("prod-1", .manager, host: "h1:22"), ClusterMachine("prod-2", .worker, host: "h2:22"),
        ]
        let roster = ClusterRoster.make(specification, machines: machines)
        #expect(names(roster) == ["prod-2 manager", "prod-3 worker", "prod-4 worker"])
        #expect(roster.surplus == ["prod-1"])
    }

    // MARK: Plan

    @Test("what is as it should be has no change, and its lines say so")
    func noChange() throws {
        let specification = try specification()
        let plan = try ClusterPlan.make(specification, facts(ClusterMachine("prod-1", .manager), for: specification))
        #expect(plan.hasNoChange)
        #expect(plan.lines() == ["= firewall", "= machine prod-1 (manager)", "cluster prod: no changes"])
    }

    @Test("a new cluster's plan shows what will be made and of what")
    func create() throws {
        let plan = try ClusterPlan.make(try specification(["nodes": 2, "zones": ["a"]]), ClusterFacts())
        #expect(
            plan.lines() == [
                "+ firewall (open: 30000-32000/tcp)", "+ machine prod-2 (worker; zone a; size small)",
                "+ machine prod-1 (manager; zone a; size small)", "cluster prod: 3 to make",
            ])
        #expect(plan.json()["changes"] == 3)
    }

    @Test("a dead manager is replaced, a dead worker that is not needed any more removed")
    func replace() throws {
        let specification = try specification(["managers": 3])
        let plan = try ClusterPlan.make(
            specification,
            facts(
                ClusterMachine("prod-1", .manager), ClusterMachine("prod-2", .manager, .lost),
                ClusterMachine("prod-3", .manager), ClusterMachine("prod-4", .worker, .lost), for: specification))
        #expect(words(plan) == ["replace prod-5", "remove prod-4"])
        #expect(plan.lines()[1] == "± machine prod-5 (manager; in place of prod-2, which does not answer; size small)")
    }

    @Test("a manager is demoted before it is removed, those that do not answer first")
    func demoteFirst() throws {
        let specification = try specification(["managers": 1])
        let plan = try ClusterPlan.make(
            specification,
            facts(
                ClusterMachine("prod-1", .manager), ClusterMachine("prod-2", .manager),
                ClusterMachine("prod-3", .manager, .lost), for: specification))
        #expect(words(plan) == ["demote prod-3", "demote prod-2", "remove prod-3", "remove prod-2"])
    }

    @Test("when the managers have lost their quorum nothing about nodes is planned")
    func lostQuorum() throws {
        let specification = try specification(["managers": 3])
        let facts = facts(
            ClusterMachine("prod-1", .manager), ClusterMachine("prod-2", .manager, .lost),
            ClusterMachine("prod-3", .manager, .lost), for: specification)
        let error = #expect(throws: RoadsteadError.self) { _ = try ClusterPlan.make(specification, facts) }
        #expect(error?.code == .invalidState)
        #expect(error?.message.contains("of 3 managers 1 answer; bring back prod-2, prod-3") == true)
    }

    @Test("a removal that would cost the quorum is refused, naming who is to be brought back")
    func refusesRemoval() throws {
        let specification = try specification(["managers": 1])
        let facts = facts(
            ClusterMachine("prod-1", .manager, .stopped), ClusterMachine("prod-2", .manager),
            ClusterMachine("prod-3", .manager), for: specification)
        let error = #expect(throws: RoadsteadError.self) { _ = try ClusterPlan.make(specification, facts) }
        #expect(error?.message.contains("bring prod-1 back first") == true, "\(String(describing: error))")
    }

    @Test("labels that Roadstead has set are mended and removed; those of others are left alone")
    func labels() throws {
        let specification = try specification(["labels": ["managers": ["disk": "ssd"]]])
        let machine = ClusterMachine(
            "prod-1", .manager, labels: ["disk": "hdd", "old": "1", "theirs": "x"], ownLabels: ["disk", "old"])
        let plan = try ClusterPlan.make(specification, facts(machine, for: specification))
        #expect(
            plan.lines() == [
                "= firewall", "~ machine prod-1 (manager)", "    labels.disk: hdd -> ssd",
                "    labels.old: 1 -> (none)",
                "cluster prod: 1 to update, 1 unchanged",
            ])
    }

    @Test("ports are opened and closed, engines changed managers first, other sizes only warned about")
    func firewallAndEngine() throws {
        let specification = try specification(["nodes": 2, "ports": ["443"], "engine": ["version": "26.1"]])
        let plan = try ClusterPlan.make(
            specification,
            ClusterFacts(
                machines: [
                    ClusterMachine("prod-1", .worker, engineVersion: "20.10.24"),
                    ClusterMachine("prod-2", .manager, engineVersion: "20.10.24", size: "large"),
                ], firewall: ClusterFirewall(ports: [PortRange(80...80)], sshAccess: ["0.0.0.0/0", "::/0"])))
        #expect(words(plan) == ["upgrade prod-2", "upgrade prod-1"])
        #expect(
            Array(plan.lines().prefix(3)) == [
                "~ firewall", "    ports.443/tcp: (none) -> open", "    ports.80/tcp: open -> (none)",
            ])
        #expect(plan.warnings.count == 1)
    }

    @Test("an identifier stays the same for the same change and differs when anything that is done differs")
    func identifier() throws {
        let plain = try ClusterPlan.make(try specification(), ClusterFacts())
        let again = try ClusterPlan.make(try specification(), ClusterFacts())
        #expect(plain.identifier == again.identifier)
        #expect(plain.identifier.count == 16)
        for change: JSONObject in [
            ["nodes": 2], ["image": "debian-13"], ["size": "large"], ["ports": ["80"]], ["name": "p"],
        ] {
            let other = try ClusterPlan.make(try specification(change), ClusterFacts())
            #expect(other.identifier != plain.identifier)
        }
    }

    @Test("from any state a plan leads to the specification, changes managers in one go, and keeps a quorum throughout")
    func property() throws {
        var random = SeededRandom(seed: 7)
        for round in 0..<2000 {
            let machines = (0..<Int.random(in: 1...9, using: &random)).map { number in
                let state: MachineState = Int.random(in: 0..<5, using: &random) == 0 ? .lost : .running
                return ClusterMachine("prod-\(number + 1)", Bool.random(using: &random) ? .manager : .worker, state)
            }
            let managers = [1, 3, 5].randomElement(using: &random) ?? 1
            let specification = try specification([
                "managers": JSONValue(managers), "workers": JSONValue(Int.random(in: 0...5, using: &random)),
            ])
            guard let plan = try? ClusterPlan.make(specification, ClusterFacts(machines: machines)) else {
                let alive = machines.count { $0.role == .manager && $0.state == .running }
                #expect(2 * alive <= machines.count { $0.role == .manager }, "round \(round): refused without need")
                continue
            }
            var walk = PlanWalk(machines)
            for step in plan.steps { walk.take(step) }
            #expect(walk.managers.count == specification.managers, "round \(round)")
            #expect(walk.nodes.count == specification.nodes, "round \(round)")
            #expect(walk.keptQuorum && walk.isContiguous, "round \(round): \(plan.lines())")
        }
    }
}

/// Goes through a plan as an apply would.
private struct PlanWalk {
    var managers: Set<String>
    var nodes: Set<String>
    private var dead: Set<String>
    private(set) var keptQuorum = true
    private(set) var isContiguous = true
    private var changes: [Bool] = []

    init(_ machines: [ClusterMachine]) {
        managers = Set(machines.filter { $0.role == .manager }.map(\.name))
        nodes = Set(machines.map(\.name))
        dead = Set(machines.filter { $0.state == .lost }.map(\.name))
    }

    mutating func take(_ step: ClusterPlanStep) {
        guard step.kind == .machine else { return }
        let before = managers
        switch step.action {
        case .replace(let name):
            managers.remove(name)
            nodes.remove(name)
            add(step)
        case .make, .finish, .promote: add(step)
        case .demote: managers.remove(step.name)
        case .remove:
            keptQuorum = keptQuorum && !managers.contains(step.name)
            nodes.remove(step.name)
        case .update, .upgrade, .unchanged: break
        }
        if managers != before {
            // A change of managers after a step that was none ends the one go.
            if let first = changes.firstIndex(of: true), changes[first...].contains(false) { isContiguous = false }
            if !managers.isEmpty, 2 * managers.subtracting(dead).count <= managers.count { keptQuorum = false }
        }
        changes.append(managers != before)
    }

    private mutating func add(_ step: ClusterPlanStep) {
        nodes.insert(step.name)
        if step.role == .manager { managers.insert(step.name) }
    }
}
