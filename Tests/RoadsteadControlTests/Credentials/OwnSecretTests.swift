import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel
import RoadsteadStore
import Testing

@Suite struct OwnSecretTests {
    /// Who asks, and whether a single read shows the secret.
    static let askers: [(String, Requester, Bool)] = [
        ("its maker", TestPlane.ada, true),
        (
            "an administrator", Requester(userID: "user/root", activeClaim: Principal.admin, claims: [Principal.admin]),
            false
        ),
        ("the control plane", .system, false),
        ("one with edit-data", .user("user/editor"), false),
        ("one with view-acl", .user("user/viewer"), false),
        ("one with edit-acl", .user("user/keeper"), true),
    ]

    @Test("a single read shows a secret to those with edit-acl of their own, and to nobody else", arguments: 0..<6)
    func single(index: Int) async throws {
        let (who, requester, isShown) = Self.askers[index]
        let test = try await TestPlane.make()
        let id = try await shared(test)
        let read = try await test.resources.get(id, in: test.scope(requester))
        #expect((read["key"] == "very secret key") == isShown, "\(who)")
        #expect(read["key"] == nil || isShown)
        let listed = try await test.resources.query("credential", in: test.scope(requester))
        #expect(listed.resources.contains { $0["id"] == .string(id.description) })
        #expect(listed.resources.allSatisfy { $0["key"] == nil })
    }

    @Test("an edit's answer, the job and the events hold no secret; select picks it where it may be seen")
    func elsewhere() async throws {
        let test = try await TestPlane.make()
        let id = try await shared(test)
        let edited = try await test.resources.edit(id, ["key": "another secret"], in: test.scope())
        #expect(edited["key"] == nil)
        for type in ["job", "event"] {
            for document in try await test.store.query(DocumentQuery(type: type)).documents {
                #expect(!JSONValue.object(document.body).text().contains("secret"))
            }
        }
        let selected = try await test.resources.get(id, select: ["key"], in: test.scope())
        #expect(selected == ["id": .string(id.description), "key": "another secret"])
        let foreign = try await test.resources.get(id, select: ["key"], in: test.scope(.system))
        #expect(foreign["key"] == nil)
    }

    @Test("hashes and digests are shown to nobody")
    func hashes() async throws {
        let test = try await TestPlane.make()
        let id = try await test.add(
            "credential", ["template": ["href": "credential-template/generate-api-key"]])
        #expect(try await test.resources.get(id, in: test.scope())["digest"] == nil)
    }

    private func shared(_ test: TestPlane) async throws -> ResourceID {
        let id = try await test.addCredential(on: try await test.addService())
        let list: JSONValue = [
            "owners": ["group/nuvla-admin"], "edit-acl": ["user/ada", "user/keeper"], "edit-data": ["user/editor"],
            "view-acl": ["user/viewer"],
        ]
        _ = try await test.resources.edit(id, ["acl": list], in: test.scope())
        return id
    }
}
