import ArgumentParser
import RoadsteadBasics
import Testing

@testable import RoadsteadCLI

@Suite struct OutputTests {
    private let documents = [
        document(#"{"id":"job/1","name":"one","online":true,"n":3,"target-resource":{"href":"deployment/1"}}"#),
        document(#"{"id":"job/22","name":"a longer name","online":false,"tags":["x","y"]}"#),
    ]

    private var listing: Listing {
        Listing(
            documents: documents,
            columns: [
                .init("NAME", key: "name"), .init("ONLINE", key: "online"), .init("TARGET", key: "target-resource"),
            ])
    }

    private func lines(_ arguments: [String]) throws -> [String] { try listing.lines(OutputOptions.parse(arguments)) }

    @Test("a table has columns as wide as their widest cell and no blanks at line ends")
    func table() throws {
        #expect(
            try lines([]) == [
                "NAME           ONLINE  TARGET", "one            yes     deployment/1", "a longer name  no",
            ])
    }

    @Test("-q prints ids only, whatever -o says")
    func quiet() throws {
        #expect(try lines(["-q"]) == ["job/1", "job/22"])
        #expect(try lines(["-q", "-o", "json"]) == ["job/1", "job/22"])
    }

    @Test("JSON is an array that reads back as it was, empty or not")
    func json() throws {
        let text = try lines(["-o", "json"]).joined(separator: "\n")
        #expect(try JSONValue.parse(text) == .array(documents.map(JSONValue.object)))
        #expect(try Listing(documents: [], columns: []).lines(OutputOptions.parse(["-o", "json"])) == ["[]"])
    }

    @Test("YAML keeps order and types, and quotes what would be read as another type")
    func yaml() throws {
        let value = JSONValue.object(
            document(
                ##"{"b":"text","a":1,"t":true,"n":null,"s":"true","d":"1.5","e":[],"o":{},"l":["x",{"k":"v"}],"m":"one\ntwo\n"}"##
            ))
        #expect(
            try YAMLText.text(value) == """
                b: text
                a: 1
                t: true
                n: null
                s: 'true'
                d: '1.5'
                e: []
                o: {}
                l:
                - x
                - k: v
                m: |
                  one
                  two

                """)
    }

    @Test("control characters of others never reach the terminal")
    func safety() {
        #expect(TerminalText.safe("a\u{1B}[2Jb\tc\nd", keepingLines: false) == "a\u{FFFD}[2Jb c d")
        #expect(TerminalText.safe("a\nb\u{9B}", keepingLines: true) == "a\nb\u{FFFD}")
        #expect(Table(["X"], [["\u{1B}]0;title\u{07}"]]).lines()[1] == "\u{FFFD}]0;title\u{FFFD}")
    }

    @Test("facts have their values in one column, empty ones are left out")
    func facts() {
        var sheet = FactSheet()
        sheet.add("Name", "web")
        sheet.add("Nothing", "")
        sheet.add("Long label", "one\ntwo")
        #expect(sheet.lines() == ["Name:        web", "Long label:  one", "             two"])
    }

    @Test("an age is told in its largest fitting unit")
    func ages() {
        let texts = [0, 119, 120, 7199, 7200, 172_799, 172_800].map { Age.text(.seconds($0)) }
        #expect(texts == ["0s", "119s", "2m", "119m", "2h", "47h", "2d"])
        #expect(Age.text("not a time", now: Instant(millisecondsSinceEpoch: 0)) == "")
    }
}
