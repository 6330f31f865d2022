import RemoteHosts
import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

/// Hosts that are off, back again, another one, or somebody else's; managers that wait for their key.
@Suite struct ClusterFaultTests {
    private func made(_ trial: ClusterTrial, managers: Int, _ more: JSONObject = [:]) async throws -> ResourceID {
        let id = try await trial.addHosts(
            ["192.0.2.1", "192.0.2.2", "192.0.2.3"], ["managers": JSONValue(managers)], more)
        let job = try await trial.perform("create", id)
        try #require(job["state"] == "SUCCESS", "\(job["status-message"]?.stringValue ?? "")")
        return id
    }

    private func warnings(_ plan: JSONValue) -> String { plan["warnings"]?.text() ?? "" }

    // MARK: - Locked Swarms

    @Test("managers that wait for their key get it at the next look, even when all wait, and none is replaced")
    func unlock() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await made(trial, managers: 3, ["autolock": true])
        for locked in [["192.0.2.2"], ["192.0.2.1", "192.0.2.2", "192.0.2.3"]] {
            trial.world.change { $0.locked = Set(locked) }
            let plan = try await trial.value("plan", id)
            #expect(plan["changes"] == 0, "\(plan.text())")
            #expect(warnings(plan).contains("manager prod-2 was locked and has got its key"))
            #expect(trial.world.value.locked.isEmpty)
        }
        trial.world.change { $0.locked = ["192.0.2.3"] }
        let job = try await trial.perform("repair", id)
        #expect(job["state"] == "SUCCESS", "\(job["status-message"]?.stringValue ?? "")")
        #expect(try await trial.nodes(id).keys.sorted() == ["prod-1", "prod-2", "prod-3"])
    }

    @Test("a manager that waits for another key than the one that is kept stays so, and is told by its name")
    func foreignKey() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await made(trial, managers: 3, ["autolock": true])
        trial.world.change {
            $0.unlockKey = "SWMKEY-1-rotated"
            $0.locked = ["192.0.2.2"]
        }
        let plan = try await trial.value("plan", id)
        #expect(warnings(plan).contains("manager prod-2 is locked, and not by the key that is kept"))
        #expect(!plan.text().contains("SWMKEY"))
        #expect(trial.world.value.locked == ["192.0.2.2"])
    }

    @Test("the watch unlocks managers of clusters at rest, with an event, and asks none of clusters without autolock")
    func watch() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await made(trial, managers: 3, ["autolock": true])
        let watch = ClusterWatch(context: trial.plane().context, tools: trial.tools())
        try await watch.look()
        #expect(try await events(trial) == 0)
        trial.world.change { $0.locked = ["192.0.2.1", "192.0.2.3"] }
        try await watch.look()
        #expect(trial.world.value.locked.isEmpty)
        #expect(try await events(trial) == 1)
        try await trial.store.write { _ = try $0.modify(id) { $0["state"] = "CHANGING" } }
        trial.world.change { $0.locked = ["192.0.2.1"] }
        try await watch.look()
        #expect(trial.world.value.locked == ["192.0.2.1"])
    }

    private func events(_ trial: ClusterTrial) async throws -> Int {
        try await trial.store.query(
            DocumentQuery(type: "event", filter: .equal("name", "cluster.unlock"))
        ).count
    }

    @Test("a Swarm whose managers all wait for their key is terminated like any other")
    func terminateLocked() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await made(trial, managers: 3, ["autolock": true])
        trial.world.change { $0.locked = ["192.0.2.1", "192.0.2.2", "192.0.2.3"] }
        let job = try await trial.perform("terminate", id)
        #expect(job["state"] == "SUCCESS", "\(job["status-message"]?.stringValue ?? "")")
        #expect(trial.world.value.nodes.isEmpty && trial.world.value.engines.isEmpty)
    }

    @Test("autolock cannot change once machines are made: the edit says so instead of doing nothing")
    func autolockIsFixed() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await made(trial, managers: 1)
        let error = await trial.failure { try await trial.edit(id, ["autolock": true]) }
        #expect(error.code == .invalidState && error.message.contains("autolock"), "\(error.message)")
    }

    // MARK: - Hosts that are off

    @Test(
        "a host that was stopped is no loss: it is not replaced, and counts again when it is up and a repair has looked"
    )
    func stopped() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await made(trial, managers: 1)
        let machine = try #require(try await trial.machines(id).last)
        try await trial.perform("stop", machine.id)
        trial.world.change { _ = $0.down.insert("192.0.2.3") }
        let plan = try await trial.value("plan", id)
        #expect(
            plan["changes"] == 0 && warnings(plan).contains("machine prod-3 is stopped; switch it on where it stands"))
        #expect(try await trial.value("status", machine.id)["state"] == "STOPPED")
        try await trial.perform("repair", id)
        #expect(try await trial.store.get(machine.id)["state"] == "STOPPED")
        trial.world.change { _ = $0.down.remove("192.0.2.3") }
        #expect(try await trial.value("status", machine.id)["state"] == "RUNNING")
        try await trial.perform("repair", id)
        #expect(try await trial.store.get(machine.id)["state"] == "RUNNING")
    }

    @Test(
        "a host that was taken out while it was off is remembered, told of, and gives up its old place when it comes again"
    )
    func comesBack() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await made(trial, managers: 1)
        trial.world.change { _ = $0.down.insert("192.0.2.3") }
        try await trial.edit(id, ["hosts": hosts("192.0.2.1", "192.0.2.2"), "workers": 1])
        let job = try await trial.perform("apply", id)
        #expect(job["status-message"]?.stringValue?.contains("warning: prod-3 does not answer") == true)
        trial.world.change { _ = $0.down.remove("192.0.2.3") }
        let plan = try await trial.value("plan", id)
        #expect(plan["changes"] == 0)
        #expect(warnings(plan).contains("host 192.0.2.3:22 did not answer when machine prod-3 was taken out"))
        try ResourceType.cluster.check(try await trial.store.get(id).body)

        try await trial.edit(id, ["hosts": hosts("192.0.2.1", "192.0.2.2", "192.0.2.3"), "workers": 2])
        let back = try await trial.perform("apply", id)
        #expect(back["state"] == "SUCCESS", "\(back["status-message"]?.stringValue ?? "")")
        #expect(back["status-message"]?.stringValue?.contains("it has given up that place") == true)
        #expect(trial.world.value.ghosts.isEmpty && trial.world.value.nodes.count == 3)
        #expect(warnings(try await trial.value("plan", id)) == "[]")
    }

    @Test("a terminate tells of the hosts that were taken out before and did not answer")
    func toldAtTheEnd() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await made(trial, managers: 1)
        trial.world.change { _ = $0.down.insert("192.0.2.3") }
        try await trial.edit(id, ["hosts": hosts("192.0.2.1", "192.0.2.2"), "workers": 1])
        try await trial.perform("apply", id)
        let job = try await trial.perform("terminate", id)
        #expect(job["status-message"]?.stringValue?.contains("host 192.0.2.3:22, once machine prod-3") == true)
        #expect(try await trial.store.get(id)["left-hosts"] == nil)
    }

    private func hosts(_ addresses: String...) -> JSONValue {
        .array(addresses.map { ["address": .string($0)] })
    }

    // MARK: - Hosts that are others

    @Test("a host that was made anew is not taken because its machine is replaced, until somebody trusts its new key")
    func hostKeyChanged() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await made(trial, managers: 1)
        let new = SSHKeyPair.ed25519(comment: "x").publicKey.split(separator: " ").prefix(2).joined(separator: " ")
        trial.world.change {
            $0.hostKeys["192.0.2.3"] = new
            $0.engines["192.0.2.3"] = nil
        }
        let refused = try await trial.perform("repair", id)
        #expect(refused["state"] == "FAILED")
        #expect(refused["status-message"]?.stringValue?.contains("another host key") == true)
        let machine = try #require(try await trial.machines(id).first { $0.name == "prod-4" })
        let seen = try await trial.value("trust", machine.id)
        let fingerprint = try #require(HostKey(new)?.fingerprint)
        #expect(seen["shown"] == [.string(fingerprint)] && seen["known"] != seen["shown"])
        let wrong = await trial.failure { _ = try await trial.value("trust", machine.id, ["host-key": "SHA256:no"]) }
        #expect(wrong.code == .conflict && wrong.message.contains(fingerprint))
        _ = try await trial.value("trust", machine.id, ["host-key": .string(fingerprint)])
        #expect(try await trial.store.get(machine.id)["host-keys"] == [.string(new)])
        // The machine that the host was before goes; what is set up on the host is the new one's.
        let repaired = try await trial.perform("repair", id)
        #expect(repaired["state"] == "SUCCESS", "\(repaired["status-message"]?.stringValue ?? "")")
        #expect(try await trial.nodes(id).keys.sorted() == ["prod-1", "prod-2", "prod-4"])
        #expect(trial.world.value.engines["192.0.2.3"] != nil && trial.world.value.nodes.count == 3)
        #expect(try await trial.value("plan", id)["changes"] == 0)
    }

    @Test("a host that is a machine of another cluster is refused, with that one's name for those who may see it")
    func otherCluster() async throws {
        let trial = try await ClusterTrial.make()
        _ = try await made(trial, managers: 1)
        let other = try await trial.addHosts(["192.0.2.9", "192.0.2.2"], ["name": "other", "managers": 1])
        let error = await trial.failure { _ = try await trial.ask("create", other) }
        #expect(error.code == .conflict)
        #expect(
            error.message.contains("host 192.0.2.2:22 is machine prod-2 of cluster prod already"), "\(error.message)")
        #expect(try await trial.cluster(other).state == .created)
        #expect(try await trial.machines(other).isEmpty)
    }

    @Test("one host under two names is seen by its machine-id; copies of one image are two hosts")
    func twins() async throws {
        let trial = try await ClusterTrial.make()
        trial.world.change {
            $0.identities["192.0.2.1"] = ("aaaa", ["192.0.2.1"])
            $0.identities["192.0.2.2"] = ("aaaa", ["192.0.2.2"])
            $0.identities["host-1"] = ("aaaa", ["192.0.2.1"])
        }
        let id = try await trial.addHosts(["192.0.2.1", "192.0.2.2", "host-1"], ["managers": 1])
        let job = try await trial.perform("create", id)
        #expect(job["state"] == "FAILED")
        let message = job["status-message"]?.stringValue ?? ""
        #expect(message.contains("192.0.2.1:22") && message.contains("host-1:22") && message.contains("is the same as"))
        #expect(!message.contains("192.0.2.2"), "\(message)")
        try await trial.edit(id, ["hosts": hosts("192.0.2.1", "192.0.2.2"), "workers": 1])
        let next = try await trial.perform("create", id)
        #expect(next["state"] == "SUCCESS", "\(next["status-message"]?.stringValue ?? "")")
        for machine in try await trial.machines(id) { try ResourceType.machine.check(machine.stored.body) }
    }

    // MARK: - Plans

    @Test("an apply is held to the plan that was seen: another one by then is refused, with what it would do")
    func approval() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add(["managers": 1, "workers": 1])
        try await trial.perform("create", id)
        try await trial.edit(id, ["workers": 2])
        let plan = try await trial.value("plan", id)
        let seen = try #require(plan["plan-id"])
        let worker = try #require(try await trial.machines(id).last?.address)
        trial.world.change { _ = $0.down.insert(worker) }
        let error = await trial.failure { _ = try await trial.ask("apply", id, ["plan-id": seen]) }
        #expect(error.code == .conflict && error.message.contains("in place of prod-2"), "\(error.message)")
        #expect(try await trial.cluster(id).state == .ready)
        trial.world.change { _ = $0.down.remove(worker) }
        let job = try await trial.perform("apply", id, ["plan-id": seen])
        #expect(job["state"] == "SUCCESS", "\(job["status-message"]?.stringValue ?? "")")
        #expect(try await trial.nodes(id).count == 3)
    }
}

extension ClusterTrial {
    /// A cluster of hosts that exist, with a credential of its own.
    func addHosts(_ addresses: [String], _ more: JSONObject...) async throws -> ResourceID {
        let template: JSONObject = [
            "href": "credential-template/generate-ssh-key", "public-key": "ssh-ed25519 AAAA",
            "private-key": .string(SSHKeyPair.ed25519(comment: "test").privateKey.exposed),
        ]
        let answer = try await plane().resources.add(
            "credential", ["name": "hosts", "template": .object(template)], in: scope())
        let key = try #require(TestPlane.operation(answer)?.resourceID)
        let base: JSONObject = [
            "driver": "generic", "credential": .string(key),
            "hosts": .array(addresses.map { ["address": .string($0)] }),
        ]
        return try await add(more.reduce(base) { $0.merging($1) })
    }
}
