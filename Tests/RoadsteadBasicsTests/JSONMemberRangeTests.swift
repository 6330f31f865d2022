import RoadsteadBasics
import Testing

@Suite struct JSONMemberRangeTests {
    private static let object: JSONObject = [
        "a": "plain", "quoted \"key\"": ["acl": "inner"], "b": "a \\\" tricky, \"acl\":1 }",
        "list": [1, [2, "]"], ["x": "}"]],
        "number": -12, "empty": [:], "null": nil, "acl": ["owners": ["user/a", "user/b"], "edit-acl": []], "last": true,
    ]

    @Test("every member is found as it was written")
    func members() throws {
        let text = JSONValue.object(Self.object).serialized()
        for (key, value) in Self.object where !key.contains("\"") {
            let range = try #require(JSONMemberRange.find(key, in: text), "\(key)")
            #expect(Array(text[range]) == value.serialized())
        }
    }

    @Test("what is not there is not found, at whatever depth the name stands")
    func missing() {
        let text = JSONValue.object(Self.object).serialized()
        #expect(JSONMemberRange.find("owners", in: text) == nil)
        #expect(JSONMemberRange.find("x", in: text) == nil)
        #expect(JSONMemberRange.find("acl", in: []) == nil)
        #expect(JSONMemberRange.find("acl", in: Array("{}".utf8)) == nil)
        #expect(JSONMemberRange.find("acl", in: Array("[\"acl\",1]".utf8)) == nil)
    }

    @Test("a text that breaks off, or is none, is read to its end at most")
    func broken() {
        let text = JSONValue.object(Self.object).serialized()
        for end in text.indices {
            let found = JSONMemberRange.find("last", in: Array(text[..<end]))
            #expect(found.map { $0.upperBound <= end } ?? true)
        }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let noise = (0..<40).map { _ in Array("{}[]\",:\\ab1".utf8).randomElement(using: &random) ?? 0 }
            #expect(JSONMemberRange.find("a", in: [UInt8(ascii: "{")] + noise).map { $0.upperBound <= 41 } ?? true)
        }
    }
}
