import RoadsteadBasics
import RoadsteadClouds
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

/// Clusters from nothing to nothing, on a simulated cloud.
@Suite struct ClusterLifeTests {
    @Test(
        "a create makes machines in their zones, one Swarm with its labels, and registers it with a sealed credential")
    func create() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add([
            "managers": 3, "workers": 2, "zones": ["zone-1", "zone-2", "zone-3"],
            "labels": ["workers": ["tier": "web"]], "network": ["range": "10.1.0.0/24"], "autolock": true,
        ])
        #expect(try await trial.cluster(id).state == .created)
        let job = try await trial.perform("create", id)
        #expect(job["state"] == "SUCCESS", "\(job["status-message"]?.stringValue ?? "")")
        #expect(
            job["status-message"]?.stringValue == "cluster prod is ready: 5 nodes, 3 of them managers")

        let cluster = try await trial.cluster(id)
        #expect(cluster.state == .ready && cluster.stored["state-message"] == nil)
        #expect(cluster.stored["applied"] == cluster.stored["specification"])
        #expect(cluster.swarmID == "swarm-1" && cluster.stored["autolock-key"] != nil)
        #expect(
            try await trial.nodes(id) == [
                "prod-1": .manager, "prod-2": .manager, "prod-3": .manager, "prod-4": .worker, "prod-5": .worker,
            ])
        #expect(
            Set(try await trial.machines(id).prefix(3).compactMap(\.zone)) == ["zone-1", "zone-2", "zone-3"])
        let world = trial.world.value
        #expect(world.swarms == 1 && world.joins == 4 && world.prepared == 5)
        #expect(world.nodes.values.filter { $0.labels == ["tier": "web"] }.count == 2)
        #expect(await trial.cloud.leaks() == [.machine: 5, .network: 1, .firewall: 1, .key: 1])
        #expect(try await trial.journal(id).isEmpty)

        let service = try await trial.store.get(try #require(cluster.service))
        #expect(service["name"] == "prod" && service["subtype"] == "swarm" && service["acl"] == cluster.stored["acl"])
        let manager = try #require(try await trial.machines(id).first?.address)
        #expect(service["endpoint"]?.stringValue == "https://\(manager):2376")
        let credential = try await trial.store.get(try #require(cluster.credential))
        let key = try #require(try trial.store.opened("key", of: credential))
        #expect(key.exposed.contains("PRIVATE KEY") && credential["ca"] == cluster.stored["authority"])
        _ = try ResourceType.cluster.check(cluster.stored.body)
        for machine in try await trial.machines(id) { try ResourceType.machine.check(machine.stored.body) }
        try ResourceType.infrastructureService.check(service.body)
        try ResourceType.credential.check(credential.body)
    }

    @Test(
        "the firewall lets this server in from where the first machine sees it, and people where the specification says"
    )
    func firewall() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add(["engine-access": ["192.0.2.0/24"]])
        try await trial.perform("create", id)
        let resources = try await SimulatedDriver(trial.cloud).resources(of: id.identifier)
        let rules = try #require(resources.first { $0.reference.kind == .firewall }?.rules)
        let engine = rules.filter { $0.ports == 2376...2376 }.map(\.source)
        #expect(Set(engine) == [.addresses("192.0.2.0/24"), .addresses("203.0.113.7/32")])
        #expect(rules.contains { $0.ports == 4789...4789 && $0.transport == .udp && $0.source == .members })
        let plan = try await trial.value("plan", id)
        #expect(plan["changes"] == 0, "\(plan.text())")
    }

    @Test("an apply scales up, down, changes labels, and has nothing to do the second time")
    func apply() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add(["managers": 1, "workers": 1])
        try await trial.perform("create", id)
        try await trial.edit(id, ["managers": 3, "workers": 2, "labels": ["managers": ["core": "yes"]]])
        let plan = try await trial.value("plan", id)
        #expect(plan["operation"] == "apply" && plan["removes"]?.arrayValue?.isEmpty == true)
        let up = try await trial.perform("apply", id)
        #expect(up["state"] == "SUCCESS", "\(up["status-message"]?.stringValue ?? "")")
        #expect(try await trial.nodes(id).values.count { $0 == .manager } == 3)
        #expect(try await trial.nodes(id).count == 5)
        #expect(trial.world.value.nodes.values.filter { $0.labels == ["core": "yes"] }.count == 3)
        #expect(try await trial.value("plan", id)["changes"] == 0)

        try await trial.edit(id, ["managers": 1, "workers": 0, "labels": [:]])
        let removes = try await trial.value("plan", id)["removes"]?.arrayValue ?? []
        #expect(removes.count == 4)
        let down = try await trial.perform("apply", id)
        #expect(down["state"] == "SUCCESS", "\(down["status-message"]?.stringValue ?? "")")
        #expect(try await trial.nodes(id) == ["prod-1": .manager])
        #expect(trial.world.value.nodes.count == 1 && trial.world.value.nodes.values.first?.labels == [:])
        #expect(await trial.cloud.leaks()[.machine] == 1)
        #expect(try await trial.cluster(id).state == .ready)
    }

    @Test("applications are led to another manager when the one that they were led to is replaced")
    func leadsElsewhere() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add(["managers": 3])
        try await trial.perform("create", id)
        let service = try #require(try await trial.cluster(id).service)
        let first = try #require(try await trial.machines(id).first?.address)
        #expect(try await trial.store.get(service)["endpoint"]?.stringValue == "https://\(first):2376")
        trial.world.change { _ = $0.down.insert(first) }
        try await trial.perform("repair", id)
        let second = try #require(try await trial.machines(id).first?.address)
        #expect(try await trial.store.get(service)["endpoint"]?.stringValue == "https://\(second):2376")
    }

    @Test("a repair replaces a manager that is dead, by what was applied and not by what is only written down")
    func repair() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add(["managers": 3])
        try await trial.perform("create", id)
        try await trial.edit(id, ["workers": 7])
        let dead = try #require(try await trial.machines(id).last)
        trial.world.change { _ = $0.down.insert(dead.address ?? "") }
        let job = try await trial.perform("repair", id)
        #expect(job["state"] == "SUCCESS", "\(job["status-message"]?.stringValue ?? "")")
        #expect(try await trial.nodes(id) == ["prod-1": .manager, "prod-2": .manager, "prod-4": .manager])
        #expect(await trial.cloud.leaks()[.machine] == 3)
        #expect(trial.world.value.nodes.values.filter { $0.role == .manager }.count == 3)
    }

    @Test("a terminate leaves nothing: no machine, no thing, no registration, no secret; the name is free again")
    func terminate() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add(["managers": 1, "workers": 2])
        try await trial.perform("create", id)
        let plan = try await trial.value("plan", id, ["operation": "terminate"])
        let removes = plan["removes"]?.arrayValue ?? []
        #expect(removes.count { $0["kind"] == "machine" } == 3)
        let kinds = Set(removes.compactMap { $0["kind"]?.stringValue })
        #expect(kinds == ["machine", "firewall", "key", "infrastructure-service", "credential"])
        let error = await trial.failure { _ = try await trial.ask("terminate", id, ["expected": ["machine-1"]]) }
        #expect(error.code == .conflict && error.message.contains("prod-2"), "\(error.message)")
        let expected = JSONValue.array(removes.compactMap { $0["id"] })
        let job = try await trial.perform("terminate", id, ["expected": expected])
        #expect(job["state"] == "SUCCESS", "\(job["status-message"]?.stringValue ?? "")")
        try await expectNothing(of: id, in: trial, .terminated)
        _ = try await trial.add([:])
    }

    @Test("a Swarm that does not answer any more, and machines that are gone, keep nobody from terminating")
    func terminateTheDead() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add(["managers": 3])
        try await trial.perform("create", id)
        let machines = try await trial.machines(id)
        trial.world.change { world in for machine in machines { world.down.insert(machine.address ?? "") } }
        try await SimulatedDriver(trial.cloud).remove(CloudReference(.machine, machines[1].providerID ?? ""))
        let job = try await trial.perform("terminate", id)
        #expect(job["state"] == "SUCCESS", "\(job["status-message"]?.stringValue ?? "")")
        try await expectNothing(of: id, in: trial, .terminated)
    }

    @Test("a create that fails says why and is gone on with by the same action, or taken back by undo")
    func failure() async throws {
        let trial = try await ClusterTrial.make(SimulatedSettings(quotas: [.machine: 2]))
        let id = try await trial.add(["managers": 1, "workers": 2])
        let job = try await trial.perform("create", id)
        #expect(job["state"] == "FAILED" && job["status-message"]?.stringValue?.contains("account may have 2") == true)
        let told = try await trial.machines(id).compactMap { $0.stored["state-message"]?.stringValue }
        #expect(told.count == 1 && told[0].contains("account may have 2"))
        let cluster = try await trial.cluster(id)
        #expect(cluster.state == .error && cluster.stored["state-message"] == job["status-message"])
        #expect(await trial.cloud.leaks()[.machine] == 2)
        // Fewer will do: the same action goes on from there.
        try await trial.edit(id, ["workers": 1])
        let next = try await trial.perform("create", id)
        #expect(next["state"] == "SUCCESS", "\(next["status-message"]?.stringValue ?? "")")
        #expect(try await trial.nodes(id).count == 2)
        #expect(await trial.cloud.leaks()[.machine] == 2)
        #expect(trial.world.value.swarms == 1)
    }

    @Test("undo takes back what a create that failed has made, and the cluster can be created again")
    func undo() async throws {
        let trial = try await ClusterTrial.make(SimulatedSettings(quotas: [.machine: 2]))
        let id = try await trial.add(["managers": 3])
        try await trial.perform("create", id)
        let job = try await trial.perform("undo", id)
        #expect(job["state"] == "SUCCESS", "\(job["status-message"]?.stringValue ?? "")")
        try await expectNothing(of: id, in: trial, .created)
        try await trial.edit(id, ["managers": 1])
        trial.world.change { $0 = SimulatedWorld() }
        #expect(try await trial.perform("create", id)["state"] == "SUCCESS")
    }

    @Test(
        "where a zone has no room the machine is made in another; faults of the cloud on the way leave nothing double")
    func faults() async throws {
        let trial = try await ClusterTrial.make(SimulatedSettings(capacity: ["zone-1": 1]))
        await trial.cloud.add([
            (.cutAfter, .make), (.duplicated, .make), (.failsBefore, .make),
            (.rateLimited(retryAfter: .seconds(3)), .resources), (.bootFails("no disk"), .make),
        ])
        let id = try await trial.add(["managers": 1, "workers": 3, "zones": ["zone-1", "zone-2"]])
        let job = try await trial.perform("create", id)
        #expect(job["state"] == "SUCCESS", "\(job["status-message"]?.stringValue ?? "")")
        #expect(await trial.cloud.leaks() == [.machine: 4, .firewall: 1, .key: 1])
        let zones = try await trial.machines(id).compactMap(\.zone)
        #expect(zones.count { $0 == "zone-1" } == 1 && zones.count { $0 == "zone-2" } == 3)
    }

    private func expectNothing(
        of id: ResourceID, in trial: ClusterTrial, _ state: ClusterState, _ location: SourceLocation = #_sourceLocation
    ) async throws {
        try await trial.expectNothing(of: id, state, location)
    }
}

extension ClusterTrial {
    /// Neither at the cloud nor in the store is anything left of the cluster but its description.
    func expectNothing(
        of id: ResourceID, _ state: ClusterState, _ location: SourceLocation = #_sourceLocation
    ) async throws {
        #expect(await cloud.leaks() == [:], sourceLocation: location)
        let document = try await store.get(id)
        #expect(ClusterDocument(document).state == state, sourceLocation: location)
        let gone = [
            "authority", "authority-key", "ssh-private-key", "things", "infrastructure-service", "applied", "swarm-id",
        ]
        for name in gone { #expect(document[name] == nil, "\(name)", sourceLocation: location) }
        for type in ["machine", "infrastructure-service", "credential"] {
            #expect(try await count(of: type) == 0, "\(type)", sourceLocation: location)
        }
        #expect(try await journal(id).isEmpty, sourceLocation: location)
    }

    func failure(_ body: () async throws -> Void) async -> RoadsteadError {
        do {
            try await body()
            return RoadsteadError(.internal, "nothing was thrown")
        } catch { return (error as? RoadsteadError) ?? RoadsteadError(.internal, "\(error)") }
    }
}
