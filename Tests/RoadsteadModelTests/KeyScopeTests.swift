import RoadsteadBasics
import RoadsteadModel
import Testing

@Suite struct KeyScopeTests {
    private static func scope(_ actions: [String]?, _ resources: [String]?) -> KeyScope {
        KeyScope(actions: actions.map(Set.init), resources: resources.map(Set.init))
    }

    static let permissions: [(KeyScope, String, String, String?, Bool)] = [
        (scope(nil, nil), "delete", "user", "user/1", true),
        (scope(["retrieve"], nil), "retrieve", "user", "user/1", true),
        (scope(["retrieve"], nil), "edit", "user", "user/1", false),
        (scope(["deployment/start"], nil), "start", "deployment", "deployment/1", true),
        (scope(["deployment/start"], nil), "start", "machine", "machine/1", false),
        (scope(nil, ["deployment"]), "edit", "deployment", "deployment/1", true),
        (scope(nil, ["deployment"]), "add", "deployment", nil, true),
        (scope(nil, ["deployment"]), "query", "deployment-parameter", nil, false),
        (scope(nil, ["module/1"]), "retrieve", "module", "module/1", true),
        (scope(nil, ["module/1"]), "retrieve", "module", "module/10", false),
        (scope(nil, ["module/1"]), "query", "module", nil, true),
        (scope(nil, ["module/1"]), "bulk-delete", "module", nil, true),
        (scope(nil, ["module/1"]), "add", "module", nil, false),
        (scope(nil, ["module/1"]), "query", "event", nil, false),
        (scope(["query"], ["module/1"]), "retrieve", "module", "module/1", false),
    ]

    @Test("a scope permits what it names, of what it names", arguments: permissions)
    func permits(_ scope: KeyScope, _ verb: String, _ type: String, _ id: String?, _ expected: Bool) {
        #expect(scope.permits(verb, type: type, id: id) == expected)
        var requester = Requester.user("user/1", session: "session/1")
        #expect(requester.permits(verb, type: type, id: id))
        requester.scope = scope
        #expect(requester.permits(verb, type: type, id: id) == expected)
    }

    @Test("whoever has a scope may log in, see the own session and end it, and touch no other session")
    func session() {
        var requester = Requester.user("user/1", session: "session/1")
        requester.scope = Self.scope(["start"], ["deployment"])
        for (verb, id, expected) in [
            ("add", nil, true), ("query", nil, true), ("retrieve", "session/1", true), ("delete", "session/1", true),
            ("switch-group", "session/1", false), ("retrieve", "session/2", false), ("delete", "session/2", false),
        ] as [(String, String?, Bool)] {
            #expect(requester.permits(verb, type: "session", id: id) == expected, "\(verb)")
        }
        #expect(requester.listedIdentifiers(of: "session") == nil)
        #expect(requester.listedIdentifiers(of: "module") == [])
    }

    static let comparisons: [(KeyScope, KeyScope, Bool)] = [
        (scope(nil, nil), scope(nil, nil), true),
        (scope(["a"], ["t"]), scope(nil, nil), true),
        (scope(nil, nil), scope(["a"], nil), false),
        (scope(["a"], nil), scope(["a"], ["t"]), false),
        (scope(["t/a"], ["t/1"]), scope(["a", "b"], ["t"]), true),
        (scope(["a"], ["t"]), scope(["t/a"], ["t"]), false),
        (scope(["a"], ["t"]), scope(["a"], ["t/1"]), false),
        (scope(["a", "c"], nil), scope(["a", "b"], nil), false),
    ]

    @Test("a scope lies within another when nothing is permitted that the other forbids", arguments: comparisons)
    func within(_ scope: KeyScope, _ other: KeyScope, _ expected: Bool) {
        #expect(scope.isWithin(other) == expected)
        guard expected else { return }
        for verb in ["a", "b", "c"] {
            for (type, id) in [("t", nil), ("t", "t/1"), ("t", "t/2"), ("u", "u/1")] as [(String, String?)]
            where scope.permits(verb, type: type, id: id) {
                #expect(other.permits(verb, type: type, id: id), "\(verb) \(type) \(id ?? "")")
            }
        }
    }

    @Test("a scope reads back as it was written")
    func roundTrip() throws {
        let json: JSONValue = ["actions": ["deployment/start", "retrieve"], "resources": ["deployment", "module/5b"]]
        #expect(try KeyScope(json: json).json == json)
        #expect(try KeyScope(json: [:]).json == [:])
    }

    @Test(
        "what is no scope is refused, an empty list too, which would mean nothing or everything",
        arguments: [
            "all", [], ["actions": "retrieve"], ["actions": []], ["actions": ["Retrieve"]], ["actions": ["a/b/c"]],
            ["actions": [1]], ["actions": [""]], ["resources": ["a b"]], ["resources": ["module/"]],
            ["rights": ["view"]], ["resources": .array(Array(repeating: "module", count: 101))],
        ] as [JSONValue])
    func refused(_ json: JSONValue) {
        #expect(throws: RoadsteadError.self) { try KeyScope(json: json) }
    }

    @Test("the header of internal services: user, active claim, further claims; the active claim grants nothing")
    func header() throws {
        let full = try #require(Requester(authenticationHeader: "user/1 group/ops group/dev session/9"))
        #expect(full.userID == "user/1" && full.activeClaim == "group/ops" && full.session == "session/9")
        #expect(full.claims == ["user/1", "group/dev", "session/9", "group/nuvla-anon"])
        let lone = try #require(Requester(authenticationHeader: "group/nuvla-admin"))
        #expect(lone.isAdmin && lone.activeClaim == "group/nuvla-admin" && lone.session == nil)
        for text in ["", "  ", "admin", "user/1 ../x", "USER/1", String(repeating: "user/1 ", count: 2000)] {
            #expect(Requester(authenticationHeader: text) == nil)
        }
    }

    @Test(
        "e-mail addresses",
        arguments: [
            ("ada@example.org", true), ("a.b+c@x-y.example.org", true), ("ada", false), ("ada@localhost", false),
            ("@example.org", false), ("ada@@example.org", false), ("ada @example.org", false), ("ada@-x.org", false),
            ("ada@example..org", false), ("<ada@example.org>", false),
            (String(repeating: "a", count: 65) + "@x.org", false),
        ])
    func email(_ text: String, _ expected: Bool) {
        #expect(EmailAddress.isWellFormed(text) == expected)
    }
}
