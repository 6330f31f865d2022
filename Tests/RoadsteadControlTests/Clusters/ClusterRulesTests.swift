import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

@Suite struct ClusterRulesTests {
    @Test(
        "a specification that is wrong is refused with every place; unknown drivers with the names of those that there are"
    )
    func invalid() async throws {
        let trial = try await ClusterTrial.make()
        let error = await trial.failure {
            _ = try await trial.add(["managers": 2, "ports": ["2376/tcp"], "sise": "small"])
        }
        #expect(error.code == .invalidInput)
        for place in ["managers", "ports[0]", "sise"] { #expect(error.message.contains(place), "\(error.message)") }
        let driver = await trial.failure { _ = try await trial.add(["driver": "nimbus"]) }
        #expect(
            driver.code == .invalidInput && driver.message.contains("'nimbus'")
                && driver.message.contains("amazonec2, exoscale, generic, simulated"), "\(driver.message)")
    }

    @Test("a name is taken until nothing of its cluster is left")
    func names() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add([:])
        let error = await trial.failure { _ = try await trial.add([:], by: TestPlane.bob) }
        #expect(error.code == .conflict && error.message.contains(id.description))
        try await trial.perform("create", id)
        try await trial.perform("terminate", id)
        _ = try await trial.add([:], by: TestPlane.bob)
    }

    @Test(
        "operations are offered by state, refused otherwise with what is possible, and a cluster goes only when nothing is left"
    )
    func operations() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add([:])
        #expect(try await offered(id, trial) == ["create", "plan", "terminate", "edit", "delete"])
        let early = await trial.failure { _ = try await trial.ask("apply", id) }
        #expect(early.code == .invalidState && early.message.contains("create"), "\(early.message)")
        try await trial.perform("create", id)
        #expect(
            try await offered(id, trial) == [
                "plan", "apply", "upgrade", "repair", "terminate", "doctor", "engine-access", "edit",
            ])
        let error = await trial.failure {
            _ = try await trial.plane().resources.delete(id, in: trial.scope())
        }
        #expect(error.code == .invalidState)
        let stranger = await trial.failure {
            _ = try await trial.plane().resources.perform("terminate", on: id, in: trial.scope(TestPlane.bob))
        }
        #expect(stranger.code == .forbidden)
        try await trial.perform("terminate", id)
        _ = try await trial.plane().resources.delete(id, in: trial.scope())
        #expect(try await trial.store.find(id) == nil)
    }

    private func offered(_ id: ResourceID, _ trial: ClusterTrial) async throws -> Set<String> {
        let document = try await trial.plane().resources.get(id, in: trial.scope())
        return Set((document["operations"]?.arrayValue ?? []).compactMap { $0["rel"]?.stringValue })
    }

    @Test("what machines were made with cannot be edited afterwards, and nothing while a job reads it")
    func edits() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add([:])
        try await trial.edit(id, ["name": "test", "region": "somewhere"])
        #expect(try await trial.store.get(id)["name"] == "test")
        try await trial.perform("create", id)
        let error = await trial.failure {
            try await trial.edit(id, ["name": "prod", "network": ["range": "10.9.0.0/24"]])
        }
        #expect(error.code == .invalidState && error.message.contains("name, network.range"), "\(error.message)")
        try await trial.edit(id, ["workers": 3])
        let job = try await trial.ask("apply", id)
        let busy = await trial.failure { try await trial.edit(id, ["workers": 4]) }
        #expect(busy.code == .conflict, "\(busy.message)")
        try await trial.finish(job)
    }

    @Test("no answer shows a secret of a cluster or a machine, not even to its owner")
    func secrets() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add([:])
        try await trial.perform("create", id)
        let machine = try #require(try await trial.machines(id).first)
        for (document, names) in [
            (id, ["authority-key", "ssh-private-key", "autolock-key", "seen-from"]),
            (machine.id, ["engine-key", "engine-certificate", "token"]),
        ] {
            let shown = try await trial.plane().resources.get(document, in: trial.scope())
            for name in names { #expect(shown[name] == nil, "\(name)") }
            #expect(!JSONValue.object(shown).text().contains("PRIVATE KEY"))
        }
        let stored = JSONValue.object(try await trial.store.get(id).body).text()
        #expect(stored.contains("sealed:1:") && !stored.contains("PRIVATE KEY"))
    }

    @Test(
        "engine-access issues a certificate for the caller, whom managers let in; ssh-access gives the way and the key")
    func access() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add(["managers": 3])
        try await trial.perform("create", id)
        let engine = try await trial.value("engine-access", id)
        #expect(
            engine["endpoints"]?.arrayValue?.count == 3 && engine["endpoint"]?.stringValue?.hasSuffix(":2376") == true)
        let issued = try IssuedCertificate(
            certificate: engine["cert"]?.stringValue ?? "", key: Redacted(engine["key"]?.stringValue ?? ""))
        #expect(issued.expiry > SystemClock().now + .seconds(364 * 86_400))
        #expect(engine["ca"] == (try await trial.store.get(id)["authority"]))
        let machine = try #require(try await trial.machines(id).first)
        let ssh = try await trial.value("ssh-access", machine.id)
        #expect(ssh["user"] == "debian" && ssh["port"] == 22)
        #expect(ssh["private-key"]?.stringValue?.hasPrefix("-----BEGIN OPENSSH PRIVATE KEY-----") == true)
        let status = try await trial.value("status", machine.id)
        #expect(status["state"] == "RUNNING" && status["ssh"] == true && status["node"]?["role"] == "manager")
    }

    @Test("machines follow their cluster's list, and nobody adds, edits or deletes one")
    func machines() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add([:])
        try await trial.perform("create", id)
        let machine = try #require(try await trial.machines(id).first)
        let service = try #require(try await trial.cluster(id).service)
        let acl: JSONValue = ["owners": ["user/ada"], "view-acl": ["user/bob"]]
        _ = try await trial.plane().resources.edit(id, ["acl": acl], in: trial.scope())
        for part in [machine.id, service] {
            let shown = try await trial.plane().resources.get(part, in: trial.scope(TestPlane.bob))
            #expect(shown["name"] != nil)
        }
        let resources = trial.plane().resources
        let attempts: [() async throws -> Void] = [
            { _ = try await resources.add("machine", ["name": "x"], in: trial.scope()) },
            { _ = try await resources.edit(machine.id, ["name": "x"], in: trial.scope()) },
            { _ = try await resources.delete(machine.id, in: trial.scope()) },
        ]
        for attempt in attempts {
            let error = await trial.failure(attempt)
            #expect(error.code == .unsupported, "\(error.message)")
        }
    }

    @Test("a cluster with deployments is terminated by force only, and they are stopped then")
    func deployments() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add([:])
        try await trial.perform("create", id)
        let cluster = try await trial.cluster(id)
        let (service, credential) = (try #require(cluster.service), try #require(cluster.credential))
        let deployment: JSONObject = [
            "id": "deployment/1", "resource-type": "deployment", "name": "shop", "state": "STARTED",
            "owner": "user/ada", "module": [:], "parent": .string(credential.description),
            "infrastructure-service": .string(service.description), "acl": ["owners": ["user/ada"]],
        ]
        try await trial.store.write { _ = try $0.insert(deployment) }
        let error = await trial.failure { _ = try await trial.ask("terminate", id) }
        #expect(error.code == .conflict && error.message.contains("shop"), "\(error.message)")
        let job = try await trial.perform("terminate", id, ["force": true])
        #expect(job["state"] == "SUCCESS")
        let left = try await trial.store.get(ResourceID(type: "deployment", identifier: "1"))
        #expect(left["state"] == "STOPPED" && left["reason"]?.stringValue?.contains("prod") == true)
    }

    @Test("stopping and starting a machine changes its state; a driver that switches nothing says so")
    func power() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add(["workers": 1])
        try await trial.perform("create", id)
        let machine = try #require(try await trial.machines(id).last)
        #expect(try await trial.perform("stop", machine.id)["state"] == "SUCCESS")
        #expect(try await trial.machines(id).last?.state == .stopped)
        #expect(try await trial.value("status", machine.id)["state"] == "STOPPED")
        #expect(try await trial.perform("start", machine.id)["state"] == "SUCCESS")
        #expect(try await trial.machines(id).last?.state == .running)
        let error = await trial.failure { _ = try await trial.ask("start", machine.id) }
        #expect(error.code == .invalidState)
    }
}
