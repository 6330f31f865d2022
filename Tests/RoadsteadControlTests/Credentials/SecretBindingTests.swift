import DockerClient
import Logging
import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

/// A password goes to the endpoint that it was entered for and nowhere else.
@Suite struct SecretBindingTests {
    private func credential(
        _ test: TestPlane, on service: ResourceID, kind: String = "registry", by requester: Requester = TestPlane.ada
    ) async throws -> ResourceID {
        try await test.add(
            "credential",
            [
                "template": [
                    "href": .string("credential-template/infrastructure-service-" + kind), "username": "ci",
                    "password": "hush", "parent": .string(service.description),
                ]
            ], by: requester)
    }

    private func refusal(_ test: TestPlane, _ id: ResourceID) async throws -> String? {
        let credential = try await test.store.get(id)
        let parent = try #require(credential["parent"]?.stringValue.flatMap { ResourceID($0) })
        return CredentialUse(credential: credential, service: try await test.store.get(parent)).refusal
    }

    @Test(
        "a password is not sent where its service has been moved to until it is entered again",
        arguments: ["registry", "helm-repo"])
    func movedService(kind: String) async throws {
        let test = try await TestPlane.make()
        let service = try await test.addService("registry", at: "https://registry.example.org")
        let id = try await credential(test, on: service, kind: kind)
        #expect(try await refusal(test, id) == nil)
        _ = try await test.resources.edit(service, ["endpoint": "registry.example.org/"], in: test.scope())
        #expect(try await refusal(test, id) == nil, "another spelling of the same")
        for endpoint in ["https://evil.example.org", "http://registry.example.org"] {
            _ = try await test.resources.edit(service, ["endpoint": .string(endpoint)], in: test.scope())
            let refusal = try #require(try await refusal(test, id))
            #expect(refusal.contains("https://registry.example.org") && refusal.contains(endpoint))
            #expect(!refusal.contains("hush"))
        }
        _ = try await test.resources.edit(id, ["name": "n", "bound-endpoint": "http://x"], in: test.scope())
        #expect(try await refusal(test, id) != nil)
        _ = try await test.resources.edit(id, ["password": "hush"], in: test.scope())
        #expect(try await refusal(test, id) == nil)
        #expect(try await test.resources.get(id, in: test.scope())["bound-endpoint"] == nil)
    }

    @Test("a password does not follow its credential to another service")
    func movedCredential() async throws {
        let test = try await TestPlane.make()
        let id = try await credential(
            test, on: try await test.addService("registry", at: "https://registry.example.org"))
        let list: JSONValue = ["owners": ["user/ada"], "edit-data": ["user/bob"]]
        _ = try await test.resources.edit(id, ["acl": list], in: test.scope())
        let evil = try await test.addService("registry", at: "https://evil.example.org", by: TestPlane.bob)
        let everybody: JSONValue = ["owners": ["user/bob"], "view-data": ["group/nuvla-user"]]
        _ = try await test.resources.edit(evil, ["acl": everybody], in: test.scope(TestPlane.bob))
        _ = try await test.resources.edit(id, ["parent": .string(evil.description)], in: test.scope(TestPlane.bob))
        #expect(try await refusal(test, id)?.contains("is not sent to https://evil.example.org") == true)
    }

    @Test("a check tries nothing at a service that the credential's owner may not see any more")
    func unseen() async throws {
        let test = try await TestPlane.make()
        let service = try await test.addService("registry", at: "https://registry.example.org")
        let id = try await credential(test, on: service, by: TestPlane.bob)
        #expect(try await refusal(test, id)?.contains("user/bob may not see \(service)") == true)
        let list: JSONValue = ["owners": ["user/ada"], "view-meta": ["group/nuvla-user"]]
        _ = try await test.resources.edit(service, ["acl": list], in: test.scope())
        #expect(try await refusal(test, id) == nil)
        let ours = try await credential(
            test, on: try await test.addService("registry", at: "https://r", by: .system), by: .system)
        #expect(try await refusal(test, ours) == nil, "administrators see everything")
    }

    @Test("the hourly check sends the password to the first place only, and binds one of an older server")
    func check() async throws {
        let asked = Shared<[String]>([])
        let script: FakeEngine.Script = { request in
            asked.change { $0.append(request.headers["authorization"] ?? "") }
            return .whole(status: 401, headers: [("WWW-Authenticate", "Basic realm=\"x\"")], body: [])
        }
        try await FakeEngine.with(.tcp, script: script) { server in
            let test = try await TestPlane.inRealTime { _ in EchoPlanner() }
            let store = test.store
            let runner = JobRunner(
                store: store, handlers: [CredentialCheckJob()], logger: test.plane.context.logger)
            let here = "http://127.0.0.1:\(server.port)"
            let service = try await test.addService("registry", at: "https://registry.invalid")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await runner.run() }
                let id = try await self.credential(test, on: service)
                _ = try await Self.checked(id, test)
                _ = try await test.resources.edit(service, ["endpoint": .string(here)], in: test.scope())
                let message = try await Self.checked(id, test)
                #expect(message.contains("is not sent to \(here)") && asked.value.isEmpty, "\(message)")
                try await store.write { _ = try $0.modify(id) { $0["bound-endpoint"] = nil } }
                _ = try await Self.checked(id, test)
                #expect(asked.value.contains { $0.hasPrefix("Basic ") })
                #expect(try await store.get(id)["bound-endpoint"] == .string(here))
                group.cancelAll()
            }
            await store.close()
        }
    }

    /// Asks for a check and answers what it found out.
    private static func checked(_ id: ResourceID, _ test: TestPlane) async throws -> String {
        let answer = try await test.resources.perform("check", on: id, in: test.scope())
        let job = try #require(TestPlane.operation(answer)?.location.flatMap { ResourceID($0) })
        let stream = try await test.resources.perform("stream", on: job, in: test.scope(.system))
        guard case .progress(let documents) = stream.content else { throw Missing("no stream") }
        for try await _ in documents {}
        return try await test.store.get(id)["status-message"]?.stringValue ?? ""
    }

    @Test("a deployment does not use a registry account whose registry has been moved")
    func deployment() async throws {
        let test = try await TestPlane.make()
        let service = try await test.addService("registry", at: "https://registry.example.org")
        let id = try await credential(test, on: service)
        let accounts = RegistryAccounts(store: test.store)
        let unnamed = try await test.store.write { transaction in
            try transaction.insert(["id": "deployment/1", "owner": "user/ada"])
        }
        let named = try await test.store.write { transaction in
            try transaction.insert([
                "id": "deployment/2", "owner": "user/ada", "registries-credentials": [.string(id.description)],
            ])
        }
        for deployment in [unnamed, named] {
            #expect(try await accounts.logins(for: deployment).auths.keys.sorted() == ["registry.example.org"])
        }
        _ = try await test.resources.edit(service, ["endpoint": "https://evil.example.org"], in: test.scope())
        #expect(try await accounts.logins(for: unnamed).auths.isEmpty)
        let refused = await test.failure { _ = try await accounts.logins(for: named) }
        #expect(refused.code == .invalidState && refused.message.contains("is not sent to https://evil.example.org"))
    }
}
