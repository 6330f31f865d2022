import RoadsteadBasics
import RoadsteadModel
import Testing

/// RFC 6902, with the cases of its appendix A and those that hostile or clumsy clients send.
@Suite struct JSONPatchTests {
    private static func json(_ text: String) throws -> JSONValue { try JSONValue.parse(text) }

    static let applied: [(String, String, String)] = [
        (#"{"foo":"bar"}"#, #"[{"op":"add","path":"/baz","value":"qux"}]"#, #"{"baz":"qux","foo":"bar"}"#),
        (#"{"foo":["bar","baz"]}"#, #"[{"op":"add","path":"/foo/1","value":"qux"}]"#, #"{"foo":["bar","qux","baz"]}"#),
        (#"{"baz":"qux","foo":"bar"}"#, #"[{"op":"remove","path":"/baz"}]"#, #"{"foo":"bar"}"#),
        (#"{"foo":["a","b","c"]}"#, #"[{"op":"remove","path":"/foo/1"}]"#, #"{"foo":["a","c"]}"#),
        (#"{"baz":"qux"}"#, #"[{"op":"replace","path":"/baz","value":"boo"}]"#, #"{"baz":"boo"}"#),
        (
            #"{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}"#,
            #"[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]"#,
            #"{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}"#
        ),
        (
            #"{"foo":["all","grass","cows","eat"]}"#, #"[{"op":"move","from":"/foo/1","path":"/foo/3"}]"#,
            #"{"foo":["all","cows","eat","grass"]}"#
        ),
        (
            #"{"baz":"qux","foo":["a",2,"c"]}"#,
            #"[{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2.0}]"#,
            #"{"baz":"qux","foo":["a",2,"c"]}"#
        ),
        (#"{"foo":"bar"}"#, #"[{"op":"add","path":"/child","value":{"g":{}}}]"#, #"{"foo":"bar","child":{"g":{}}}"#),
        (#"{"foo":"bar"}"#, #"[{"op":"add","path":"/baz","value":"qux","xyz":123}]"#, #"{"foo":"bar","baz":"qux"}"#),
        (#"{"/":9,"~1":10}"#, #"[{"op":"test","path":"/~01","value":10}]"#, #"{"/":9,"~1":10}"#),
        (#"{"foo":["bar"]}"#, #"[{"op":"add","path":"/foo/-","value":["abc"]}]"#, #"{"foo":["bar",["abc"]]}"#),
        (#"{"a":{"b":1}}"#, #"[{"op":"copy","from":"/a","path":"/c"}]"#, #"{"a":{"b":1},"c":{"b":1}}"#),
        (#"{"a":1}"#, #"[{"op":"replace","path":"","value":{"b":2}}]"#, #"{"b":2}"#),
        (#"{"a":1}"#, #"[{"op":"add","path":"/a","value":null}]"#, #"{"a":null}"#),
        (#"{"":1}"#, #"[{"op":"remove","path":"/"}]"#, "{}"),
        (#"{"a":1}"#, #"[{"op":"move","from":"/a","path":"/a"}]"#, #"{"a":1}"#),
        (#"{"a/b":1}"#, #"[{"op":"replace","path":"/a~1b","value":2}]"#, #"{"a/b":2}"#),
        (#"{"a":1}"#, "[]", #"{"a":1}"#),
    ]

    @Test("a patch changes what it says", arguments: applied)
    func applies(_ document: String, _ patch: String, _ result: String) throws {
        let patch = try JSONPatch(json: Self.json(patch))
        let object = try #require(Self.json(document).objectValue)
        #expect(try .object(patch.apply(to: object)) == Self.json(result))
    }

    static let refused: [(String, String)] = [
        (#"{"op":"add","path":"/a","value":1}"#, "must be an array"),
        (#"[{"op":"fly","path":"/a"}]"#, "operation 0 of the JSON Patch: op 'fly' is none of add"),
        (#"[{"path":"/a"}]"#, "op '' is none of"),
        (#"[{"op":"add","value":1}]"#, "path is missing"),
        (#"[{"op":"add","path":"/x"}]"#, "value is missing"),
        (#"[{"op":"copy","path":"/x"}]"#, "from is missing"),
        (#"[{"op":"remove","path":"a"}]"#, "must begin with '/'"),
        (#"[{"op":"remove","path":"/a~2"}]"#, "write '~0'"),
        (#"[{"op":"test","path":"/a","value":1},{"op":"remove","path":"/b"}]"#, "operation 1"),
        (#"[{"op":"remove","path":"/nosuch"}]"#, "there is nothing at '/nosuch'"),
        (#"[{"op":"replace","path":"/nosuch","value":1}]"#, "there is nothing at"),
        (#"[{"op":"add","path":"/no/such","value":1}]"#, "there is nothing at '/no/such'"),
        (#"[{"op":"add","path":"/a/x","value":1}]"#, "there is nothing at '/a/x'"),
        (#"[{"op":"add","path":"/list/3","value":1}]"#, "lies outside of the array"),
        (#"[{"op":"add","path":"/list/01","value":1}]"#, "lies outside of the array"),
        (#"[{"op":"remove","path":"/list/-"}]"#, "there is nothing at '/list/-'"),
        (#"[{"op":"test","path":"/a","value":"1"}]"#, "is not the expected one"),
        (#"[{"op":"move","from":"/list","path":"/list/0"}]"#, "cannot be moved into itself"),
        (#"[{"op":"remove","path":""}]"#, "cannot be removed"),
        (#"[{"op":"replace","path":"","value":[]}]"#, "something else than a JSON object"),
        (#"[{"op":"replace","path":"","value":1},{"op":"add","path":"/a","value":1}]"#, "there is nothing at '/a'"),
    ]

    @Test("a patch that cannot be read or applied changes nothing and says which operation it was", arguments: refused)
    func refuses(_ patch: String, _ words: String) throws {
        do {
            _ = try JSONPatch(json: Self.json(patch)).apply(to: ["a": 1, "list": [1, 2]])
            Issue.record("nothing was thrown")
        } catch {
            let error = try #require(error as? RoadsteadError)
            #expect(error.code == .invalidInput)
            #expect(error.message.contains(words), "\(error.message)")
        }
    }

    @Test("copies of copies end before they fill the memory, and long patches are refused")
    func bombs() throws {
        let double = #"{"op":"copy","from":"/a","path":"/a/-"}"#
        let patch = try JSONPatch(
            json: Self.json("[" + Array(repeating: double, count: 40).joined(separator: ",") + "]"))
        #expect(throws: RoadsteadError.self) { try patch.apply(to: ["a": [1, 2, 3]]) }
        let test = #"{"op":"test","path":"/a","value":1}"#
        let long = try Self.json("[" + Array(repeating: test, count: 1001).joined(separator: ",") + "]")
        #expect(throws: RoadsteadError.self) { try JSONPatch(json: long) }
    }
}
