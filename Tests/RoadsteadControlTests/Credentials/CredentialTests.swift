import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

@Suite struct CredentialTests {
    @Test("a secret is sealed in the store, in no listing, and opened for the engine and its owner alone")
    func sealed() async throws {
        let test = try await TestPlane.make()
        let id = try await test.addCredential(on: try await test.addService())
        let stored = try await test.store.get(id)
        #expect(!JSONValue.object(stored.body).text().contains("very secret key"))
        let shown = try await test.resources.get(id, in: test.scope())
        #expect(shown["key"] == "very secret key" && shown["ca"] == "CA" && shown["cert"] == "CERT")
        #expect(try test.store.opened("key", of: stored)?.exposed == "very secret key")
        let listed = try await test.resources.query("credential", in: test.scope())
        #expect(listed.resources.allSatisfy { $0["key"] == nil })
    }

    @Test("an edit without the secret keeps it, one with it seals the new one")
    func editSecret() async throws {
        let test = try await TestPlane.make()
        let id = try await test.addCredential(on: try await test.addService())
        let shown = try await test.resources.get(id, in: test.scope())
        let edited = try await test.resources.edit(id, shown.merging(["name": "renamed"]), in: test.scope())
        #expect(edited["key"] == nil)
        #expect(try test.store.opened("key", of: try await test.store.get(id))?.exposed == "very secret key")
        _ = try await test.resources.edit(id, ["key": "another"], in: test.scope())
        let stored = try await test.store.get(id)
        #expect(try test.store.opened("key", of: stored)?.exposed == "another")
        #expect(!JSONValue.object(stored.body).text().contains("another"))
    }

    @Test("a sealed text that a client sends is a secret like any other, not a way to another's")
    func stolenSeal() async throws {
        let test = try await TestPlane.make()
        let service = try await test.addService()
        let id = try await test.addCredential(on: service)
        let sealed = try #require(try await test.store.get(id)["key"]?.stringValue)
        let thief = try await test.addCredential(on: service, by: TestPlane.bob)
        _ = try await test.resources.edit(thief, ["key": .string(sealed)], in: test.scope(TestPlane.bob))
        #expect(try test.store.opened("key", of: try await test.store.get(thief))?.exposed == sealed)
    }

    @Test("a Swarm credential on a visible service is checked at once; on a stranger's it is not")
    func automaticCheck() async throws {
        let test = try await TestPlane.make()
        let service = try await test.addService()
        let id = try await test.addCredential(on: service)
        let jobs = try await test.resources.query("job", in: test.scope())
        #expect(jobs.resources.map { $0["action"] } == ["credential_check"])
        #expect(jobs.resources[0]["target-resource"]?["href"] == .string(id.description))
        _ = try await test.addCredential(on: service, by: TestPlane.bob)
        #expect(try await test.resources.query("job", in: test.scope(TestPlane.bob)).count == 0)
    }

    @Test("a check that is asked for twice is one job; on a service that one cannot see it is refused")
    func check() async throws {
        let test = try await TestPlane.make()
        let service = try await test.addService()
        let id = try await test.addCredential(on: service)
        let first = TestPlane.operation(try await test.resources.perform("check", on: id, in: test.scope()))
        let second = TestPlane.operation(try await test.resources.perform("check", on: id, in: test.scope()))
        #expect(first?.status == 202 && first?.location == second?.location)
        let stranger = try await test.addCredential(on: service, by: TestPlane.bob)
        let refused = await test.failure {
            _ = try await test.resources.perform("check", on: stranger, in: test.scope(TestPlane.bob))
        }
        #expect(refused.code == .forbidden)
    }

    @Test("a blank secret is refused by an edit as by an add, and the old one stays")
    func blankSecret() async throws {
        let test = try await TestPlane.make()
        let id = try await test.addCredential(on: try await test.addService())
        for value in ["", "  ", 5, ["x"]] as [JSONValue] {
            let error = await test.failure { _ = try await test.resources.edit(id, ["key": value], in: test.scope()) }
            #expect(error.code == .invalidInput && error.message.contains("key must be"), "\(value)")
        }
        #expect(try test.store.opened("key", of: try await test.store.get(id))?.exposed == "very secret key")
        _ = try await test.resources.edit(id, ["key": "null", "name": "n"], in: test.scope())
        #expect(try test.store.opened("key", of: try await test.store.get(id))?.exposed == "very secret key")
    }

    @Test("a check that is under way already can be seen by whoever asks for it")
    func sharedCheck() async throws {
        let test = try await TestPlane.make()
        let service = try await test.addService()
        let id = try await test.addCredential(on: service)
        let list: JSONValue = ["owners": ["user/ada"], "manage": ["user/bob"], "view-meta": ["user/bob"]]
        for shared in [service, id] { _ = try await test.resources.edit(shared, ["acl": list], in: test.scope()) }
        let answer = try await test.resources.perform("check", on: id, in: test.scope(TestPlane.bob))
        let job = try #require(TestPlane.operation(answer)?.location.flatMap { ResourceID($0) })
        #expect(try await test.resources.get(job, in: test.scope(TestPlane.bob))["state"] == "QUEUED")
        #expect(try await test.resources.get(job, in: test.scope())["state"] == "QUEUED")
        #expect(try await test.resources.query("job", in: test.scope()).count == 1)
    }

    @Test("the word null, which edges send, counts as no certificate")
    func nulls() async throws {
        let test = try await TestPlane.make()
        let service = try await test.addService()
        let template: JSONValue = [
            "href": "credential-template/infrastructure-service-swarm", "parent": .string(service.description),
            "ca": "null", "cert": "null", "key": "null",
        ]
        let stored = try await test.store.get(try await test.add("credential", ["template": template]))
        #expect(stored["ca"] == nil && stored["cert"] == nil && stored["key"] == nil)
        let access = EngineAccess(store: test.store, logger: test.plane.context.logger)
        let found = try await access.service(of: stored)
        let endpoint = try access.endpoint(credential: stored, service: found)
        let plain = try EngineEndpoint.parse("https://203.0.113.9:2376", tls: nil)
        #expect(endpoint == plain)
    }

    @Test("an API key acts as its maker, until it expires or its user is gone")
    func apiKey() async throws {
        let test = try await TestPlane.make()
        _ = try await FirstStart(context: test.plane.context).ensure(password: Redacted("Admin-pass-1"))
        let page = try await test.resources.query("user", in: test.scope(.system))
        let user = try #require(page.resources.first?["id"]?.stringValue)
        let admin = Requester.user(user, session: "session/1")
        let template: JSONValue = ["href": "credential-template/generate-api-key", "ttl": 60]
        let answer = try await test.resources.add("credential", ["template": template], in: test.scope(admin))
        let created = try #require(TestPlane.operation(answer))
        let key = try #require(created.resourceID)
        let secret = try #require(created.extras["secret-key"]?.stringValue)
        let shown = try await test.resources.get(try #require(ResourceID(key)), in: test.scope(admin))
        #expect(shown["digest"] == nil && shown["claims"]?["identity"] == .string(user))
        #expect(shown["claims"]?["roles"]?.arrayValue?.contains("session/1") == false)
        let login = { (key: String, secret: String) in
            let body: JSONObject = [
                "template": ["href": "session-template/api-key", "key": .string(key), "secret": .string(secret)]
            ]
            return try await test.resources.add("session", body, in: test.scope(.anonymous))
        }
        _ = try await login(key, secret)
        _ = try await login(String(key.dropFirst("credential/".count)), secret.replacing(".", with: " "))
        #expect(await test.failure { _ = try await login(key, "wrong") }.code == .forbidden)
        #expect(await test.failure { _ = try await login("credential/nosuch", secret) }.code == .forbidden)
        test.clock.advance(by: .seconds(61))
        #expect(await test.failure { _ = try await login(key, secret) }.code == .forbidden)
    }

    @Test("whoever knows a password may check and change it, others may not")
    func changePassword() async throws {
        let test = try await TestPlane.make()
        let id = try await test.add(
            "credential",
            ["template": ["href": "credential-template/generate-hashed-password", "password": "First-pass-1"]])
        #expect(try await test.resources.get(id, in: test.scope())["hash"] == nil)
        let perform = { (action: String, body: JSONObject) in
            _ = try await test.resources.perform(action, on: id, body, in: test.scope())
        }
        try await perform("check-password", ["password": "First-pass-1"])
        #expect(await test.failure { try await perform("check-password", ["password": "no"]) }.code == .forbidden)
        let change = { (current: String, new: String) in
            try await perform("change-password", ["current-password": .string(current), "new-password": .string(new)])
        }
        #expect(await test.failure { try await change("wrong", "Second-pass-1") }.code == .forbidden)
        #expect(await test.failure { try await change("First-pass-1", "weak") }.code == .invalidInput)
        try await change("First-pass-1", "Second-pass-1")
        try await perform("check-password", ["password": "Second-pass-1"])
    }

    // MARK: - Findings

    static let failures: [(EngineError.Kind, CredentialFinding.Status, Bool?)] = [
        (.unreachable, .unknown, false), (.nameNotFound, .unknown, false), (.timeout, .unknown, false),
        (.tlsNotTrusted, .invalid, true), (.tlsNameMismatch, .invalid, true), (.certificateExpired, .invalid, true),
        (.clientCertificateRefused, .invalid, true), (.clientCertificateMissing, .invalid, true),
        (.notTLS, .invalid, true), (.tlsRequired, .invalid, true), (.engine(status: 403), .invalid, true),
        (.engine(status: 500), .unknown, nil), (.versionUnsupported, .unknown, nil), (.invalidInput, .invalid, nil),
    ]

    @Test("a failure says what it shows about service and credential, and no more", arguments: failures)
    func finding(_ kind: EngineError.Kind, _ status: CredentialFinding.Status, _ isOnline: Bool?) {
        let finding = CredentialFinding(EngineError(kind, "why", endpoint: "tcp://h:1"))
        #expect(finding.status == status && finding.isOnline == isOnline && !finding.isUsable)
        #expect(finding.isSwarmEnabled == nil && finding.message.hasPrefix("tcp://h:1: why"))
    }

    @Test("a manager is usable; a worker and an engine outside any Swarm are online and not")
    func roles() {
        var info = EngineInfo()
        info.serverVersion = "27.0.0"
        let outside = CredentialFinding(info: info, endpoint: "e")
        #expect(
            outside.status == .valid && outside.isOnline == true && outside.isSwarmEnabled == false && !outside.isUsable
        )
        var swarm = SwarmInfo()
        swarm.nodeID = "n1"
        swarm.controlAvailable = false
        info.swarm = swarm
        let worker = CredentialFinding(info: info, endpoint: "e")
        #expect(worker.isSwarmEnabled == true && worker.isManager == false && !worker.isUsable)
        #expect(worker.message.contains("worker"))
        info.swarm?.controlAvailable = true
        let manager = CredentialFinding(info: info, endpoint: "e")
        #expect(manager.isManager == true && manager.isUsable)
    }
}
