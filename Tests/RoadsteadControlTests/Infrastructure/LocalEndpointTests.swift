import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore
import Testing

@testable import RoadsteadControl

@Suite struct LocalEndpointTests {
    static let localOnes: [String] = [
        "unix:///var/run/docker.sock", "/var/run/docker.sock", "UNIX:///x", "http+unix://%2Frun%2Fdocker.sock",
        "tcp://127.0.0.1:2375", "127.0.0.1:2375", "127.0.0.1", "https://127.8.9.10", "tcp://127.1:2375",
        "http://0x7f000001/", "http://2130706433", "http://0177.0.0.1:80", "0.0.0.0:5000", "localhost", "LOCALHOST.:80",
        "https://a.localhost/x", "http://u:p@localhost:9000", "http://example.org@127.0.0.1/", "tcp://[::1]:2375",
        "::1",
        "[::]:80", "http://[::ffff:127.0.0.1]/", "[::7f00:1]", "[64:ff9b::7f00:1]:80", "[2002:7f00:1::]",
        "ip6-localhost",
        "http://169.254.169.254/latest/meta-data", "[fe80::1%25eth0]:2375", "[fe80::1%eth0]:2375", "[febf::1]",
        "[::ffff:a9fe:a9fe]", "oci://127.0.0.1/charts", "http://%31%32%37.0.0.1", "http://１２７.0.0.1", " unix:///x",
        "http://127\u{3002}0\u{3002}0\u{3002}1",
    ]

    @Test("a way to this machine or its link is recognised in every spelling", arguments: localOnes)
    func local(_ endpoint: String) { #expect(LocalEndpoint.isLocal(endpoint)) }

    static let remoteOnes: [String] = [
        "tcp://203.0.113.9:2375", "https://10.0.0.1:2376", "192.168.1.1", "h1:2376", "registry.example.org/path",
        "https://localhost.example.org", "https://s3.example.org/127.0.0.1", "[2001:db8::1]:2376", "[fec0::1]:80",
        "172.30.77.11", "https://127.example.org", "oci://ghcr.io/x", "http://127.0.0.1.example.org", "notlocalhost",
        "",
        "https://example.org?x=@127.0.0.1", "1.127.0.0.1.example.org",
    ]

    @Test("other machines are other machines", arguments: remoteOnes)
    func remote(_ endpoint: String) { #expect(!LocalEndpoint.isLocal(endpoint)) }

    private static func service(_ endpoint: String, subtype: String = "swarm") -> JSONObject {
        [
            "template": [
                "href": "infrastructure-service-template/generic", "subtype": .string(subtype),
                "endpoint": .string(endpoint),
            ]
        ]
    }

    @Test(
        "users cannot register what is on the server's machine, of whatever type, nor move a service there",
        arguments: [
            ("swarm", "unix:///var/run/docker.sock"), ("s3", "http://127.0.0.1:9000"), ("registry", "localhost:5000"),
            ("kubernetes", "https://[::1]:6443"), ("helm-repo", "http://169.254.169.254/"),
            ("anything", "tcp://127.1:1"),
        ])
    func users(subtype: String, endpoint: String) async throws {
        let people = try await People.make()
        try await people.add("ada")
        let (ada, test) = (try await people.login("ada").requester, people.test)
        let body = Self.service(endpoint, subtype: subtype)
        let refused = await test.failure { _ = try await test.add("infrastructure-service", body, by: ada) }
        #expect(refused.code == .forbidden && refused.message.contains(endpoint))
        #expect(refused.message.contains("administrators"))
        let own = try await test.addService(by: ada)
        let moved = await test.failure {
            _ = try await test.resources.edit(own, ["endpoint": .string(endpoint)], in: test.scope(ada))
        }
        #expect(moved.code == .forbidden)
        #expect(try await test.store.get(own)["endpoint"] == "https://203.0.113.9:2376")
    }

    @Test("administrators register it, without switching to their group, and everybody where the server says so")
    func administrators() async throws {
        let people = try await People.make()
        let test = people.test
        let body = Self.service("unix:///var/run/docker.sock")
        let plain = try await people.login("admin", password: "Admin-pass-1")
        #expect(!plain.requester.isAdmin)
        let own = try await test.add("infrastructure-service", body, by: plain.requester)
        _ = try await test.add("infrastructure-service", body, by: try await people.admin().requester)
        // Who shares such a service lets others change it, but not its place on this machine.
        let list: JSONValue = ["owners": [.string(plain.requester.activeClaim)], "edit-data": ["user/bob"]]
        _ = try await test.resources.edit(own, ["acl": list], in: test.scope(.system))
        _ = try await test.resources.edit(own, ["name": "mine"], in: test.scope(TestPlane.bob))
        let moved = await test.failure {
            _ = try await test.resources.edit(own, ["endpoint": "unix:///other"], in: test.scope(TestPlane.bob))
        }
        #expect(moved.code == .forbidden)
        let open = try await TestPlane.make(localEndpoints: .everybody)
        _ = try await open.add("infrastructure-service", body)
    }

    private static func credential(on service: ResourceID, proven: Bool) -> JSONObject {
        var template: JSONObject = [
            "href": "credential-template/infrastructure-service-swarm", "parent": .string(service.description),
        ]
        if proven { template = template.merging(["ca": "C", "cert": "C", "key": "K"]) }
        return ["template": .object(template)]
    }

    @Test("a credential that proves nothing opens a Swarm to those only who may edit its service")
    func openDoor() async throws {
        let test = try await TestPlane.make()
        let list: JSONValue = ["owners": ["user/ada"], "view-acl": ["user/bob"], "edit-data": ["user/eve"]]
        let socket = try await test.add("infrastructure-service", Self.service("unix:///x"), by: .system)
        let remote = try await test.addService()
        for service in [socket, remote] {
            _ = try await test.resources.edit(service, ["acl": list], in: test.scope(.system))
        }
        for (service, proven) in [(socket, false), (socket, true), (remote, false)] {
            let refused = await test.failure {
                _ = try await test.add("credential", Self.credential(on: service, proven: proven), by: TestPlane.bob)
            }
            #expect(refused.code == .forbidden && refused.message.contains(service.description))
        }
        let proven = try await test.add("credential", Self.credential(on: remote, proven: true), by: TestPlane.bob)
        let bob = test.scope(TestPlane.bob)
        let stripped = await test.failure {
            _ = try await test.resources.edit(proven, [:], removing: ["cert", "key"], in: bob)
        }
        #expect(stripped.code == .forbidden)
        let own = try await test.add(
            "credential", Self.credential(on: try await test.addService(by: TestPlane.bob), proven: false),
            by: TestPlane.bob)
        let moved = await test.failure {
            _ = try await test.resources.edit(own, ["parent": .string(socket.description)], in: bob)
        }
        #expect(moved.code == .forbidden)
        _ = try await test.resources.edit(own, ["name": "renamed"], in: bob)
        for requester in [TestPlane.ada, .user("user/eve"), .system] {
            _ = try await test.add("credential", Self.credential(on: socket, proven: false), by: requester)
        }
    }
}
