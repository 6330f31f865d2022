import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel
import RoadsteadStore
import Testing

@Suite struct InfrastructureTests {
    @Test("a group shows its services that the caller can see, in a single read, and stays while it has some")
    func group() async throws {
        let test = try await TestPlane.make()
        let list: JSONValue = ["owners": ["user/ada"], "view-data": ["user/bob"]]
        let group = try await test.add("infrastructure-service-group", ["name": "lab", "acl": list])
        let service = try await test.addService()
        _ = try await test.resources.edit(service, ["parent": .string(group.description)], in: test.scope())
        let reference: JSONValue = [["href": .string(service.description)]]
        #expect(try await test.resources.get(group, in: test.scope())["infrastructure-services"] == reference)
        let bobs = try await test.resources.get(group, in: test.scope(TestPlane.bob))
        #expect(bobs["infrastructure-services"] == [])
        let listed = try await test.resources.query("infrastructure-service-group", in: test.scope())
        #expect(listed.resources.first?["infrastructure-services"] == nil)
        let refused = await test.failure { _ = try await test.resources.delete(group, in: test.scope()) }
        #expect(refused.code == .conflict && refused.message.contains("1 infrastructure service"))
        _ = try await test.resources.delete(service, in: test.scope())
        _ = try await test.resources.delete(group, in: test.scope())
    }

    @Test("what a client says about a group's services does not count")
    func ignored() async throws {
        let test = try await TestPlane.make()
        let body: JSONObject = ["infrastructure-services": [["href": "infrastructure-service/x"]]]
        let group = try await test.add("infrastructure-service-group", body)
        #expect(try await test.store.get(group)["infrastructure-services"] == nil)
    }

    private static let vpn: JSONObject = [
        "href": "infrastructure-service-template/vpn", "vpn-scope": "customer", "vpn-ca-certificate": "PEM",
        "vpn-endpoints": [["protocol": "udp", "port": 1194, "endpoint": "vpn.example.org"]],
    ]

    @Test("a VPN has its own attributes and no endpoint; others have an endpoint and none of a VPN's")
    func vpn() async throws {
        let test = try await TestPlane.make()
        let id = try await test.add("infrastructure-service", ["template": .object(Self.vpn)])
        let stored = try await test.store.get(id)
        #expect(stored["subtype"] == "vpn" && stored["method"] == "vpn" && stored["endpoint"] == nil)
        let service = try await test.addService()
        let mixed = await test.failure {
            _ = try await test.resources.edit(service, ["vpn-scope": "customer"], in: test.scope())
        }
        #expect(mixed.code == .invalidInput && mixed.message.contains("vpn-scope"))
        let bare = await test.failure {
            _ = try await test.resources.edit(service, [:], removing: ["endpoint"], in: test.scope())
        }
        #expect(bare.code == .invalidInput && bare.message.contains("endpoint"))
    }

    private static let badEndpoints: [JSONObject] = [
        ["port": 1194, "endpoint": "h"], ["protocol": "sctp", "port": 1, "endpoint": "h"],
        ["protocol": "udp", "port": 70_000, "endpoint": "h"],
    ]

    @Test("a VPN's endpoint needs protocol, port and address", arguments: badEndpoints)
    func badVPN(endpoint: JSONObject) async throws {
        let test = try await TestPlane.make()
        let template = Self.vpn.merging(["vpn-endpoints": [.object(endpoint)]])
        let refused = await test.failure {
            _ = try await test.add("infrastructure-service", ["template": .object(template)])
        }
        #expect(refused.code == .invalidInput && refused.message.contains("vpn-endpoints[0]"))
    }

    @Test("settings exist after the first start, are the administrators', and seal the mail password")
    func configuration() async throws {
        let test = try await TestPlane.make()
        try await ServerSettings.ensure(in: test.plane.context)
        let admin = test.scope(.system)
        _ = try await test.resources.edit(
            ServerSettings.id, ["smtp-host": "mail.example.org", "smtp-password": "hush"], in: admin)
        try await ServerSettings.ensure(in: test.plane.context)
        let read = try await test.resources.get(ServerSettings.id, in: admin)
        #expect(read["smtp-host"] == "mail.example.org" && read["smtp-port"] == 465 && read["smtp-password"] == nil)
        let stored = try await test.store.get(ServerSettings.id)
        #expect(!JSONValue.object(stored.body).text().contains("hush"))
        #expect(try test.store.opened("smtp-password", of: stored)?.exposed == "hush")
        let stranger = await test.failure { _ = try await test.resources.get(ServerSettings.id, in: test.scope()) }
        #expect(stranger.code == .forbidden)
        let listing = await test.failure { _ = try await test.resources.query("configuration", in: test.scope()) }
        #expect(listing.code == .forbidden)
    }

    @Test("a configuration's id is its service, with its instance where there are several")
    func identifiers() async throws {
        let test = try await TestPlane.make()
        let id = try await test.add(
            "configuration", ["template": ["href": "configuration-template/vpn-api", "instance": "main"]], by: .system)
        #expect(id.description == "configuration/vpn-api-main")
        let document = try await test.store.get(id)
        #expect(document["template"] == ["href": "configuration-template/vpn-api"] && document["service"] == "vpn-api")
    }
}
