import RoadsteadBasics
import RoadsteadModel
import Testing

@testable import RoadsteadCLI

@Suite struct ShareListTests {
    private let shared = document(
        """
        {"id": "module/1", "acl": {"owners": ["user/ada"], "edit-acl": ["group/nuvla-admin"],
         "edit-data": ["group/nuvla-admin", "group/dev"], "edit-meta": ["group/dev", "group/nuvla-admin"],
         "manage": ["group/dev", "group/nuvla-admin", "user/bob"], "view-data": ["group/dev", "user/bob", "user/eve"],
         "view-meta": ["group/dev", "user/bob", "user/eve", "user/zoe"]}}
        """)

    @Test("who may do what is told in the words that it is given in")
    func rows() throws {
        let rows = try ShareList(shared).rows.map { [$0.text("id"), $0.text("right")] }
        #expect(
            rows == [
                ["user/ada", "owner"], ["group/dev", "edit"], ["user/bob", "use"], ["user/eve", "view"],
                ["user/zoe", "other"],
            ])
    }

    @Test(
        "a right takes the place of the one before, in every list, and touches nobody else",
        arguments: ShareRight.allCases)
    func set(_ right: ShareRight) throws {
        for principal in ["group/dev", "user/bob", "user/new"] {
            var list = try ShareList(shared)
            try list.set(right, for: principal)
            let lists = list.json.members.filter { $0.value.arrayValue?.contains(.string(principal)) ?? false }.map(
                \.key)
            #expect(Set(lists) == Set(right.rights))
            #expect(list.json["view-data"]?.arrayValue?.contains("user/eve") == true)
            #expect(list.json["owners"] == ["user/ada"])
            #expect(ShareRight(granted: Set(right.rights)) == right)
        }
    }

    @Test("nothing is left of who is taken out, nor an empty list")
    func remove() throws {
        var list = try ShareList(shared)
        try list.set(nil, for: "user/zoe")
        try list.set(nil, for: "group/dev")
        #expect(!JSONValue.object(list.json).text().contains("zoe"))
        #expect(!JSONValue.object(list.json).text().contains("group/dev"))
        #expect(list.json["edit-meta"] == ["group/nuvla-admin"])
        var lone = try ShareList(document(#"{"acl":{"owners":["user/a"],"view-meta":["user/b"]}}"#))
        try lone.set(nil, for: "user/b")
        #expect(lone.json == ["owners": ["user/a"]])
    }

    @Test("an owner has every right already; a list that is not shown cannot be changed")
    func refused() throws {
        var list = try ShareList(shared)
        #expect(throws: RoadsteadError.self) { try list.set(.view, for: "user/ada") }
        #expect(code { _ = try ShareList(document(#"{"id":"module/1","name":"x"}"#)) } == .forbidden)
    }
}
