import RoadsteadBasics
import Testing

@Suite("JSON")
struct JSONParserTests {
    static let accepted: [(String, JSONValue)] = [
        ("null", nil), (" true ", true), ("\t\r\nfalse", false), ("0", 0), ("-1", -1),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("-0", .number(-0.0)), ("1.0", .number(1)),
        ("1e2", .number(100)), ("1E-2", .number(0.01)), ("1.5e+3", .number(1500)), ("1e-400", .number(0)),
        (#""""#, ""), (#""a\"\\\/\b\f\n\r\tA\u00e9""#, "a\"\\/\u{8}\u{c}\n\r\tA\u{e9}"),
        (#""\ud83d\ude00""#, "\u{1F600}"), (#""\u0000""#, "\u{0}"), ("\"\u{1F600}é\"", "\u{1F600}é"),
        ("[]", []), ("[1,[2],{}]", [1, [2], [:]]), ("{}", [:]),
        (#"{"b":1,"a":{"c":null}}"#, ["b": 1, "a": ["c": nil]]),
    ]

    static let refused: [(String, String)] = [
        ("", "ends where a value"), ("  ", "ends where a value"), ("nul", "expected 'null'"), ("True", "unexpected"),
        ("01", "begin with 0"), ("-", "expected a digit"), ("+1", "unexpected"), (".5", "unexpected"),
        ("1.", "after '.'"),
        ("1e", "exponent"), ("1e+", "exponent"), ("1e999", "at byte"), ("NaN", "unexpected"), ("0x10", "unexpected"),
        ("[1,]", "unexpected"), ("[1 2]", "',' or ']'"), ("[", "ends"), ("{\"a\"}", "':'"),
        ("{\"a\":1,}", "key in quotes"),
        ("{a:1}", "key in quotes"), (#"{"a":1,"a":2}"#, "'a' comes twice"), ("{\"a\":1", "',' or '}'"),
        ("\"a", "ends within a string"), ("\"\n\"", "control character"), (#""\x""#, "unknown escape"),
        (#""\u12g4""#, "hexadecimal"), (#""\ud800""#, "lone surrogate"), (#""\udc00""#, "lone surrogate"),
        (#""\ud800\u0041""#, "lone surrogate"), ("1 2", "unexpected text after"), ("'a'", "unexpected"),
    ]

    @Test("Values are read exactly: integers as integers, everything else as written")
    func reads() throws {
        for (text, expected) in Self.accepted {
            let value = try JSONValue.parse(text)
            #expect(value == expected, "\(text)")
            #expect(try JSONValue.parse(value.text()) == expected)
            #expect(try JSONValue.parse(value.text(.pretty)) == expected)
        }
        #expect(try JSONValue.parse("-0").doubleValue?.sign == .minus)
    }

    @Test("What is no JSON is refused with the place and the reason")
    func refuses() {
        for (text, reason) in Self.refused {
            let error = #expect(throws: JSONParseError.self) { try JSONValue.parse(text) }
            #expect(error?.description.contains(reason) == true, "\(text): \(error?.description ?? "accepted")")
            #expect((error?.offset ?? -1) <= text.utf8.count)
        }
    }

    @Test(
        "Bytes that are no UTF-8 are refused", arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82]])
    func invalidUTF8(_ bytes: [UInt8]) {
        #expect(throws: JSONParseError.self) { try JSONValue.parse([0x22] + bytes + [0x22]) }
    }

    @Test("Depth and size are capped, and deep texts do not exhaust the stack")
    func limits() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(throws: Never.self) { try JSONValue.parse(nested(128)) }
        #expect(throws: JSONParseError.self) { try JSONValue.parse(nested(129)) }
        #expect(throws: JSONParseError.self) { try JSONValue.parse(String(repeating: "[", count: 1_000_000)) }
        #expect(throws: JSONParseError.self) { try JSONValue.parse(String(repeating: #"{"a":"#, count: 300_000)) }
        #expect(throws: Never.self) { try JSONValue.parse("[1]", limits: JSONLimits(size: 3)) }
        #expect(throws: JSONParseError.self) { try JSONValue.parse("[1] ", limits: JSONLimits(size: 3)) }
    }

    @Test("A duplicate key is found among many members")
    func manyKeys() throws {
        let members = (0..<5000).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
        #expect(try JSONValue.parse("{\(members)}").objectValue?.count == 5000)
        #expect(throws: JSONParseError.self) { try JSONValue.parse("{\(members),\"k17\":0}") }
    }

    @Test("Order is kept when written, and counts for nothing when compared")
    func order() throws {
        let left = try JSONValue.parse(#"{"b":1,"a":[1,2]}"#)
        let right = try JSONValue.parse(#"{"a":[1,2],"b":1}"#)
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        #expect(left.text() == #"{"b":1,"a":[1,2]}"#)
        #expect(left.text(.canonical) == right.text(.canonical))
        #expect(left.text(.pretty) == "{\n  \"b\": 1,\n  \"a\": [\n    1,\n    2\n  ]\n}")
        #expect(JSONValue.number(.infinity).text() == "null")
    }

    @Test("A large object is the same as a small one: set, replaced in place, removed, filtered, merged and compared")
    func largeObject() throws {
        var object = JSONObject((0..<100).map { ("k\($0)", JSONValue.integer($0)) })
        object["k40"] = "new"
        object["k0"] = nil
        object["k200"] = 200
        object["nothing"] = nil
        #expect(object.count == 100 && object.keys.first == "k1" && object.keys.last == "k200")
        #expect(object["k40"] == "new" && object["k99"] == 99 && object["k0"] == nil)
        let few = object.filter { $0.key.hasSuffix("9") }
        #expect(few.count == 10 && few["k99"] == 99 && few["k1"] == nil)
        #expect(few.merging(object) == object && object.merging(few) == object)
        let parsed = try JSONValue.parse(JSONValue.object(object).text())
        #expect(parsed == .object(object) && parsed.hashValue == JSONValue.object(object).hashValue)
        for number in 1..<90 { object["k\(number)"] = nil }
        #expect(object.keys == (90..<100).map { "k\($0)" } + ["k200"] && object["k95"] == 95)
    }

    @Test("Members are set, replaced in place and removed")
    func members() {
        var object: JSONObject = ["a": 1, "b": 2]
        object["a"] = 3
        object["c"] = 4
        object["b"] = nil
        #expect(object.keys == ["a", "c"])
        #expect(object.merging(["c": 5, "d": 6]) == ["a": 3, "c": 5, "d": 6])
        #expect(JSONValue.number(2).integerValue == 2)
        #expect(JSONValue.number(2.5).integerValue == nil)
        #expect(JSONValue.integer(1) != .number(1))
    }
}
