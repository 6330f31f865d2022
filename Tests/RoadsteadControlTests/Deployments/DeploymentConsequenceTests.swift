import DockerClient
import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore
import Testing

@testable import RoadsteadControl

@Suite struct DeploymentConsequenceTests {
    @Test("facts have the names that Nuvla's clients know")
    func factNames() {
        let service = StackServiceState(
            key: "web", name: "shop_web", id: "svc1", image: "nginx:1", mode: "replicated", desired: 2, running: 1,
            ports: [.init(protocol: "tcp", target: 80, published: 30_080)],
            hostPorts: [
                .init(replica: 1, protocol: "udp", target: 53, address: "10.0.0.1:53"),
                .init(replica: nil, protocol: "tcp", target: 9, address: "10.0.0.2:9"),
            ])
        let facts = Dictionary(
            uniqueKeysWithValues: DeploymentFacts.facts(service).map { ($0.name, $0.value) })
        #expect(
            facts == [
                "web.image": "nginx:1", "web.mode": "replicated", "web.service-id": "svc1", "web.node-id": "web",
                "web.replicas.desired": "2", "web.replicas.running": "1", "web.tcp.80": "30080",
                "web.1.udp.53": "10.0.0.1:53", "web.tcp.9": "10.0.0.2:9",
            ])
    }

    @Test(
        "the host name is the endpoint's, without scheme and port",
        arguments: [
            ("https://10.0.0.1:2376", "10.0.0.1"), ("tcp://swarm.example.org:2376/x", "swarm.example.org"),
            ("https://[2001:db8::1]:2376", "2001:db8::1"), ("unix:///var/run/docker.sock", "localhost"),
            ("swarm", "swarm"),
        ])
    func hostName(endpoint: String, host: String) { #expect(DeploymentFacts.host(of: endpoint) == host) }

    @Test(
        "a registry is called as images name it",
        arguments: [
            ("https://reg.example.org:5000/v2/", "reg.example.org:5000"), ("http://reg", "reg"),
            ("https://index.docker.io/v1/", "docker.io"), ("registry-1.docker.io", "docker.io"),
        ])
    func registryName(endpoint: String, name: String) { #expect(RegistryAccounts.registry(endpoint) == name) }

    @Test("a deployment uses its owner's registry accounts and never one that the owner cannot see")
    func registryAccounts() async throws {
        let test = try await TestPlane.make()
        let mine = try await registryCredential(test, endpoint: "https://mine.example.org", by: TestPlane.ada)
        let foreign = try await registryCredential(test, endpoint: "https://bobs.example.org", by: TestPlane.bob)
        let accounts = RegistryAccounts(store: test.store)

        let own = try await accounts.logins(for: deployment())
        #expect(own.auths.keys.sorted() == ["mine.example.org"] && own.unchosen.isEmpty)
        #expect(own.auths["mine.example.org"]?.password?.exposed == "pw-\(TestPlane.ada.activeClaim)")
        #expect(try await accounts.logins(for: deployment(naming: [mine])).auths.count == 1)

        let named = deployment(naming: [foreign])
        let looks: [() async throws -> Void] = [
            { _ = try await accounts.logins(for: named) }, { try await accounts.check(named.body) },
        ]
        for look in looks {
            let error = await test.failure(look)
            #expect(error.code == .forbidden && error.message.contains(foreign.description))
        }
        _ = try await test.resources.delete(mine, in: test.scope())
        let gone = await test.failure { try await accounts.check(deployment(naming: [mine]).body) }
        #expect(gone.code == .notFound && gone.message.contains(mine.description))
    }

    @Test(
        "of several accounts of a registry the chosen one counts, then the author's, then an own one, then a valid one")
    func registryOrder() async throws {
        let test = try await TestPlane.make()
        let endpoint = "https://reg.example.org"
        let shared = try await registryCredential(test, endpoint: endpoint, by: TestPlane.bob, name: "shared")
        let everybody: JSONValue = ["owners": ["user/bob"], "view-acl": ["group/nuvla-user"]]
        _ = try await test.resources.edit(shared, ["acl": everybody], in: test.scope(TestPlane.bob))
        let accounts = RegistryAccounts(store: test.store)
        let user = { (deployment: StoredDocument) async throws -> String in
            let logins = try await accounts.logins(for: deployment)
            let name = logins.auths["reg.example.org"]?.username ?? "nobody"
            return logins.unchosen.contains("reg.example.org") ? name + ", unchosen" : name
        }
        #expect(try await user(deployment()) == "shared, unchosen")
        let valid = try await registryCredential(test, endpoint: endpoint, by: TestPlane.bob, name: "valid")
        _ = try await test.resources.edit(valid, ["acl": everybody], in: test.scope(TestPlane.bob))
        try await test.store.write { _ = try $0.modify(valid) { $0["status"] = "VALID" } }
        #expect(try await user(deployment()) == "valid, unchosen")
        let mine = try await registryCredential(test, endpoint: endpoint, by: TestPlane.ada, name: "mine")
        #expect(try await user(deployment()) == "mine")
        // The owner need not see what the application's author has preselected.
        let author = try await registryCredential(test, endpoint: endpoint, by: TestPlane.bob, name: "author")
        #expect(try await user(deployment(preselected: author)) == "author, unchosen")
        #expect(try await user(deployment(naming: [mine], preselected: author)) == "mine")
        #expect(try await user(deployment(naming: [shared])) == "shared")
    }

    @Test("the end of a job changes its deployment only while the deployment is in the job's state")
    func settling() async throws {
        let test = try await TestPlane.make()
        let id = ResourceID(type: "deployment", identifier: "d1")
        let job = StoredDocument(
            id: ResourceID(type: "job", identifier: "j1"), revision: 1,
            body: ["target-resource": ["href": "deployment/d1"]])
        let settle = { @Sendable (operation: DeploymentOperation, state: JSONValue, transaction: StoreTransaction) in
            guard let found = try DeploymentSettling.current(job, operation, in: transaction) else { return }
            try transaction.modify(found.id) { $0["state"] = state }
        }
        try await test.store.write { transaction in
            try transaction.insert(["id": "deployment/d1", "state": "STOPPING"])
            try settle(.start, "STARTED", transaction)
        }
        #expect(try await test.store.get(id)["state"] == "STOPPING", "a start must not undo a stop")
        try await test.store.write { transaction in
            try settle(.stop, "STOPPED", transaction)
        }
        #expect(try await test.store.get(id)["state"] == "STOPPED")
        try await test.store.write { transaction in
            try transaction.delete(id)
            try settle(.stop, "ERROR", transaction)
        }
        #expect(try await test.store.find(id) == nil, "a deployment that is gone stays gone")
    }

    private func deployment(
        naming credentials: [ResourceID] = [], preselected: ResourceID? = nil
    ) -> StoredDocument {
        let content: JSONObject = ["registries-credentials": JSONValue([preselected].compactMap { $0?.description })]
        return StoredDocument(
            id: ResourceID(type: "deployment", identifier: "d1"), revision: 1,
            body: [
                "owner": .string(TestPlane.ada.activeClaim), "module": ["content": .object(content)],
                "registries-credentials": JSONValue(credentials.map(\.description)),
            ])
    }

    private func registryCredential(
        _ test: TestPlane, endpoint: String, by requester: Requester, name: String = "robot"
    ) async throws -> ResourceID {
        let service = try await test.add(
            "infrastructure-service",
            [
                "template": [
                    "href": "infrastructure-service-template/generic", "subtype": "registry",
                    "endpoint": .string(endpoint),
                ]
            ], by: requester)
        return try await test.add(
            "credential",
            [
                "template": [
                    "href": "credential-template/infrastructure-service-registry", "username": .string(name),
                    "password": .string("pw-\(requester.activeClaim)"), "parent": .string(service.description),
                ]
            ], by: requester)
    }
}
