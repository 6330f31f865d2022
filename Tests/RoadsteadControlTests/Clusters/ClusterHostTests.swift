import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

/// Clusters of hosts that exist.
@Suite struct ClusterHostTests {
    private func key(_ trial: ClusterTrial, isPrivate: Bool = true) async throws -> ResourceID {
        var template: JSONObject = ["href": "credential-template/generate-ssh-key", "public-key": "ssh-ed25519 AAAA"]
        if isPrivate {
            template["private-key"] = .string(SSHKeyPair.ed25519(comment: "test").privateKey.exposed)
            template["passphrase"] = "a passphrase"
        }
        let answer = try await trial.plane().resources.add(
            "credential", ["name": "hosts", "template": .object(template)], in: trial.scope())
        return try #require(TestPlane.operation(answer)?.resourceID.flatMap { ResourceID($0) })
    }

    private func hosts(_ count: Int) -> JSONValue {
        .array((1...count).map { ["address": .string("192.0.2.\($0)")] })
    }

    private func specification(_ trial: ClusterTrial, _ count: Int, _ more: JSONObject = [:]) async throws -> JSONObject
    {
        let base: JSONObject = [
            "driver": "generic", "credential": .string(try await key(trial).description), "hosts": hosts(count),
        ]
        return base.merging(more)
    }

    @Test("hosts become a Swarm and leave it again with our settings; they themselves stay, and a plan says so")
    func life() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add(try await specification(trial, 3, ["managers": 3]))
        let job = try await trial.perform("create", id)
        #expect(job["state"] == "SUCCESS", "\(job["status-message"]?.stringValue ?? "")")
        #expect(try await trial.nodes(id).values.allSatisfy { $0 == .manager })
        #expect(trial.world.value.nodes.keys.sorted() == ["192.0.2.1", "192.0.2.2", "192.0.2.3"])
        let plan = try await trial.value("plan", id, ["operation": "terminate"])
        #expect(
            plan["removes"]?.arrayValue?.contains(["kind": "host", "id": "192.0.2.2:22", "name": "prod-2"]) == true)
        #expect(plan["warnings"]?.text().contains("hosts stay") == true)
        let end = try await trial.perform("terminate", id)
        #expect(end["state"] == "SUCCESS", "\(end["status-message"]?.stringValue ?? "")")
        #expect(trial.world.value.nodes.isEmpty && trial.world.value.engines.isEmpty)
        #expect(try await trial.count(of: "machine") == 0)
    }

    @Test("a host that runs containers is refused before anything is changed on it, unless it is adopted")
    func adoption() async throws {
        let trial = try await ClusterTrial.make()
        trial.world.change { $0.containers["192.0.2.2"] = 4 }
        let id = try await trial.add(try await specification(trial, 2))
        let job = try await trial.perform("create", id)
        #expect(job["state"] == "FAILED" && job["status-message"]?.stringValue?.contains("runs 4 containers") == true)
        #expect(trial.world.value.engines["192.0.2.2"] == nil)
        try await trial.edit(id, ["options": ["adopt": true]])
        let next = try await trial.perform("create", id)
        #expect(next["state"] == "SUCCESS", "\(next["status-message"]?.stringValue ?? "")")
        #expect(next["status-message"]?.stringValue?.contains("its 4 containers run on meanwhile") == true)
    }

    @Test("a plan that adopts hosts looks at them and says what their containers will notice; one that is down says so")
    func plannedAdoption() async throws {
        let trial = try await ClusterTrial.make()
        trial.world.change {
            $0.containers["192.0.2.2"] = 4
            $0.down = ["192.0.2.3"]
        }
        let options: JSONObject = ["options": ["adopt": true]]
        let id = try await trial.add(try await specification(trial, 3, options))
        let plan = try await trial.value("plan", id)
        let warnings = plan["warnings"]?.arrayValue?.compactMap(\.stringValue) ?? []
        #expect(warnings.count == 3, "\(warnings)")
        #expect(warnings.first == "192.0.2.2:22 has Docker 20.10.24 already: it is kept")
        #expect(warnings.contains { $0.contains("192.0.2.2:22's engine is restarted once; its 4 containers run on") })
        #expect(warnings.last?.contains("192.0.2.3:22 does not answer") == true)
        #expect(trial.world.value.engines.isEmpty && trial.world.value.prepared == 0)
    }

    @Test("a Docker that is there is kept: a host with another one than is asked for is left alone, with words")
    func otherEngine() async throws {
        let trial = try await ClusterTrial.make()
        trial.world.change { $0.containers["192.0.2.1"] = 0 }
        let id = try await trial.add(try await specification(trial, 1, ["engine": ["version": "26.1"]]))
        let job = try await trial.perform("create", id)
        let words = job["status-message"]?.stringValue ?? ""
        #expect(job["state"] == "FAILED" && words.contains("has Docker 20.10.24 already"), "\(words)")
        #expect(trial.world.value.engines.isEmpty)
    }

    @Test("a host that leaves the specification leaves the Swarm, and only it; one that comes in joins")
    func change() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add(try await specification(trial, 3))
        try await trial.perform("create", id)
        try await trial.edit(
            id,
            ["hosts": [["address": "192.0.2.1"], ["address": "192.0.2.3"], ["address": "192.0.2.4"]], "workers": 2])
        let job = try await trial.perform("apply", id)
        #expect(job["state"] == "SUCCESS", "\(job["status-message"]?.stringValue ?? "")")
        #expect(trial.world.value.nodes.keys.sorted() == ["192.0.2.1", "192.0.2.3", "192.0.2.4"])
        #expect(trial.world.value.engines["192.0.2.2"] == nil)
    }

    @Test("a host that joined and runs containers, unnoted by a job that ended then, is finished and not refused")
    func unnoted() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add(try await specification(trial, 2))
        try await trial.perform("create", id)
        let worker = try #require(try await trial.machines(id).last)
        let forgotten: Set<String> = ["node-id", "certificate-expiry"]
        try await trial.store.write { transaction in
            _ = try transaction.modify(worker.id) { document in
                document = document.filter { !forgotten.contains($0.key) }
                document["state"] = "PREPARED"
            }
        }
        trial.world.change { $0.containers["192.0.2.2"] = 7 }
        let job = try await trial.perform("apply", id)
        #expect(job["state"] == "SUCCESS", "\(job["status-message"]?.stringValue ?? "")")
        #expect(try await trial.nodes(id) == ["prod-1": .manager, "prod-2": .worker])
        #expect(trial.world.value.joins == 1)
    }

    @Test("a host that is gone for good keeps nobody from terminating, and the job says what it could not do")
    func gone() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add(try await specification(trial, 2))
        try await trial.perform("create", id)
        trial.world.change { _ = $0.down.insert("192.0.2.2") }
        let job = try await trial.perform("terminate", id)
        #expect(job["state"] == "SUCCESS")
        #expect(job["status-message"]?.stringValue?.contains("warning: prod-2 does not answer") == true)
        #expect(try await trial.cluster(id).state == .terminated)
    }

    @Test("the server's own machine is no host for everybody; a key without its private part is none to enter with")
    func admission() async throws {
        let trial = try await ClusterTrial.make()
        let base = try await specification(trial, 1)
        for address in ["127.0.0.1", "localhost", "::1"] {
            let error = await trial.failure {
                _ = try await trial.add(base.merging(["hosts": [["address": .string(address)]]]))
            }
            #expect(error.code == .forbidden, "\(address): \(error.message)")
        }
        let jump: JSONValue = [["address": "192.0.2.1", "jump": ["address": "127.0.0.1"]]]
        #expect(await trial.failure { _ = try await trial.add(base.merging(["hosts": jump])) }.code == .forbidden)
        let half = JSONValue.string(try await key(trial, isPrivate: false).description)
        let error = await trial.failure { _ = try await trial.add(base.merging(["credential": half])) }
        #expect(error.code == .invalidInput && error.message.contains("public part"))
        let none = await trial.failure { _ = try await trial.add(base.filter { $0.key != "credential" }) }
        #expect(none.code == .invalidInput && none.message.contains("ssh-key"))
        let foreign = await trial.failure { _ = try await trial.add(base, by: TestPlane.bob) }
        #expect(foreign.code == .forbidden)
    }

    @Test("hosts are restarted and stopped by their own system; starting them is for whoever stands before them")
    func power() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add(try await specification(trial, 1))
        try await trial.perform("create", id)
        let machine = try #require(try await trial.machines(id).first)
        #expect(try await trial.perform("restart", machine.id)["state"] == "SUCCESS")
        #expect(trial.world.value.powered == ["restart prod-1"])
        let error = await trial.failure { _ = try await trial.ask("kill", machine.id) }
        #expect(error.code == .unsupported && error.message.contains("provider's console"))
        // What people enter with is theirs already.
        #expect(try await trial.value("ssh-access", machine.id)["private-key"] == nil)
    }
}
