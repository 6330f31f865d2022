import RoadsteadBasics
import Testing

@testable import RoadsteadModel

@Suite struct FilterTextQueryTests {
    static let queries: [(String, TextQuery)] = [
        ("a", .word("a")), ("a*", .prefix("a")), ("\"a b\"", .phrase("a b")), ("-a", .not(.word("a"))),
        ("a b", .any([.word("a"), .word("b")])), ("a|b", .any([.word("a"), .word("b")])),
        ("a+b", .all([.word("a"), .word("b")])), ("+a +b", .all([.word("a"), .word("b")])),
        ("a b c", .any([.word("a"), .word("b"), .word("c")])),
        ("a b + c", .all([.any([.word("a"), .word("b")]), .word("c")])),
        ("a + b c", .any([.all([.word("a"), .word("b")]), .word("c")])),
        ("(a b) + c", .all([.any([.word("a"), .word("b")]), .word("c")])),
        ("a + (b c)", .all([.word("a"), .any([.word("b"), .word("c")])])),
        ("a +-b", .all([.word("a"), .not(.word("b"))])), ("--a", .word("a")), ("a-b", .word("a-b")),
        ("-(a b)", .not(.any([.word("a"), .word("b")]))), ("a~2", .word("a")), ("\"a b\"~3", .phrase("a b")),
        ("a~b", .word("a~b")), ("a\\*", .word("a*")), ("a\\ b", .word("a b")), ("\\\"a", .word("\"a")),
        ("*", .any([])), ("", .any([])), ("  ", .any([])), ("+ | -", .any([])), ("()", .any([])),
        ("\"a", .word("a")), ("(a", .word("a")), ("a)", .word("a")), ("a**", .prefix("a*")), ("\"\" a", .word("a")),
        ("a'b", .word("a'b")),
    ]

    @Test("operators mean what the search engine's simple syntax says, and nothing is malformed", arguments: queries)
    func parsed(_ example: (String, TextQuery)) { #expect(TextQuery.parse(example.0) == example.1) }

    @Test("a query of more words than people write is refused before it nests too deep")
    func length() throws {
        let now = Instant(millisecondsSinceEpoch: 0)
        let long = (0..<10_000).map { $0.isMultiple(of: 2) ? "a +" : "b |" }.joined(separator: " ")
        #expect(throws: FilterParseError.self) { try Filter.parse("a=='\(long)'", now: now) }
        let short = Array(repeating: "a", count: 100).joined(separator: " ")
        #expect(throws: Never.self) { try Filter.parse("a=='\(short)'", now: now) }
    }

    @Test("parentheses past the cap do not count, and no depth is too deep for the stack")
    func depth() {
        let deep = { (count: Int) in
            TextQuery.parse(String(repeating: "(", count: count) + "a" + String(repeating: ")", count: count))
        }
        #expect(deep(60) == .word("a"))
        #expect(deep(30_000) == nil)
    }

    @Test("the full text has the undeclared texts of an open type, and no declared ones that are not for it")
    func dynamicTexts() {
        let record: JSONObject = [
            "id": "data-record/1", "resource-type": "data-record", "content-type": "image/png", "station": "Alps",
            "sky:note": "Clear", "list": ["one", 2, "two"], "number": 7, "deep": ["text": "hidden"], "name": "Frame",
        ]
        let words = Set(FullText.words(of: record))
        #expect(words == ["data", "record", "1", "frame", "alps", "clear", "one", "two"])
        let closed: JSONObject = ["id": "job/1", "resource-type": "job", "station": "alps", "sky:note": "clear"]
        #expect(Set(FullText.words(of: closed)) == ["job", "1", "clear"])
    }

    @Test("words are runs of letters and digits in lower case, in every script")
    func words() {
        let table: [(String, [String])] = [
            ("Alpha One", ["alpha", "one"]), ("nuvlabox/7d-5c", ["nuvlabox", "7d", "5c"]), ("a_b", ["a", "b"]),
            ("Ünïcode ÉTÉ", ["ünïcode", "été"]), ("e\u{301}te\u{301}", ["e\u{301}te\u{301}"]),
            ("one\u{2014}two\u{A0}three", ["one", "two", "three"]), ("日本 語", ["日本", "語"]), ("", []), ("-;", []),
        ]
        for (text, words) in table { #expect(FullText.words(in: text) == words, "\(text)") }
    }

    @Test("full text is that of id, name, description, tags, subtype and namespaced texts, and of nothing else")
    func searched() {
        let document: JSONObject = [
            "id": "demo/1", "name": "Name", "state": "HIDDEN", "acme:note": "seen", "acme:n": 7, "tags": ["x y", 3],
            "description": "Long Text", "subtype": "sub", "nested": ["name": "deep"],
        ]
        #expect(
            FullText.words(of: document) == ["demo", "1", "name", "long", "text", "x", "y", "sub", "seen"])
    }

    @Test("a phrase needs its words side by side; its last may be a beginning")
    func phrases() throws {
        let document: JSONObject = ["id": "d/1", "name": "one two three"]
        let now = Instant(millisecondsSinceEpoch: 0)
        let table: [(String, Bool)] = [
            ("\"one two\"", true), ("\"one three\"", false), ("one-two", true), ("two-thr*", true), ("thr*", true),
            ("\"two thr\"", false), ("three-four", false), ("\"\"", false), ("!!!", false), ("-four", true),
        ]
        for (query, isMatch) in table {
            #expect(try Filter.parse("fulltext=='\(query)'", now: now).matches(document) == isMatch, "\(query)")
        }
    }
}
