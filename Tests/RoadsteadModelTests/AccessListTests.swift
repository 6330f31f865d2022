import RoadsteadBasics
import RoadsteadModel
import Testing

@Suite struct AccessListTests {
    @Test("a stored list reads back with the administrators in it and every implied right spelled out")
    func normalized() throws {
        let list = try AccessList(json: ["owners": ["user/a"], "view-data": ["group/x"]]).normalized()
        let expected: JSONValue = [
            "owners": ["user/a"], "edit-acl": ["group/nuvla-admin"], "edit-data": ["group/nuvla-admin"],
            "edit-meta": ["group/nuvla-admin"], "delete": ["group/nuvla-admin"], "manage": ["group/nuvla-admin"],
            "view-acl": ["group/nuvla-admin"], "view-data": ["group/nuvla-admin", "group/x"],
            "view-meta": ["group/nuvla-admin", "group/x"],
        ]
        #expect(list.json == expected)
        #expect(list.normalized() == list)
    }

    @Test("owners stand in no other list, the administrators neither")
    func owners() throws {
        let list = try AccessList(json: ["owners": ["group/nuvla-admin", "user/a"], "edit-acl": ["user/a"]])
        #expect(list.normalized().json == ["owners": ["group/nuvla-admin", "user/a"]])
    }

    static let implications: [(AccessRight, Set<AccessRight>)] = [
        (.editACL, Set(AccessRight.allCases)),
        (.editData, [.editData, .editMeta, .viewData, .viewMeta]),
        (.editMeta, [.editMeta, .viewMeta]),
        (.viewACL, [.viewACL, .viewData, .viewMeta]),
        (.viewData, [.viewData, .viewMeta]),
        (.viewMeta, [.viewMeta]),
        (.delete, [.delete, .viewMeta]),
        (.manage, [.manage]),
    ]

    @Test("a right brings along what the reference says and nothing else", arguments: implications)
    func closure(_ right: AccessRight, _ expected: Set<AccessRight>) {
        #expect(right.closure == expected)
        let list = AccessList(owners: ["user/o"], grants: [right: ["user/x"]])
        #expect(list.rights(of: ["user/x"]) == expected)
        #expect(list.rights(of: ["user/y"]).isEmpty)
    }

    @Test("owners and administrators may do everything; a document without a list is the administrators' alone")
    func everything() {
        let list = AccessList(owners: ["user/o"])
        #expect(list.rights(of: ["user/o"]) == Set(AccessRight.allCases))
        #expect(list.rights(of: ["group/nuvla-admin"]) == Set(AccessRight.allCases))
        #expect(AccessList.rights(on: [:], of: ["user/o"]).isEmpty)
        #expect(AccessList.rights(on: ["acl": "broken"], of: ["user/o"]).isEmpty)
    }

    @Test(
        "what is no list is refused",
        arguments: [
            [:], ["owners": []], ["owners": "user/a"], ["owners": ["nobody"]], ["owners": ["User/a"]],
            ["owners": ["user/a/b"]], ["owners": ["user/a"], "eat": ["user/b"]], ["owners": ["user/a"], "manage": [1]],
            ["view-data": ["user/a"]],
        ] as [JSONValue])
    func refused(_ json: JSONValue) {
        #expect(throws: RoadsteadError.self) { try AccessList(json: json) }
    }

    @Test("what is seen shrinks with the right to view")
    func visibility() {
        let document: JSONObject = [
            "id": "demo/1", "name": "n", "state": "X", "acl": ["owners": ["user/o"]], "created-by": "user/o",
        ]
        let keys = { (rights: Set<AccessRight>) in AttributeVisibility.visible(document, rights: rights)?.keys }
        #expect(keys([.viewACL]) == ["id", "name", "state", "acl", "created-by"])
        #expect(keys([.viewData]) == ["id", "name", "state", "created-by"])
        #expect(keys([.viewMeta]) == ["id", "name"])
        #expect(keys([.manage, .delete]) == nil)
    }

    @Test("what may be edited shrinks with the right to edit")
    func editability() {
        let may = { (key: String, right: AccessRight) in AttributeVisibility.isEditable(key, rights: right.closure) }
        #expect(may("acl", .editACL) && may("state", .editACL))
        #expect(!may("acl", .editData) && may("state", .editData))
        #expect(!may("state", .editMeta) && may("name", .editMeta))
        #expect(!may("name", .viewACL) && !may("name", .manage))
    }
}
