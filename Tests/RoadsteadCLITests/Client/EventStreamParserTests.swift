import Testing

@testable import RoadsteadClient

@Suite struct EventStreamParserTests {
    private let text = """
        : a comment
        event: progress
        data: {"a":1}
        id: 7

        data: one
        data:two

        event: nothing
        id: 9

        data: last\r\n\r\n
        """ + "\n"

    @Test("events come out the same wherever the bytes are cut")
    func cuts() {
        let expected = [
            ServerSentEvent(name: "progress", data: #"{"a":1}"#, id: "7"),
            ServerSentEvent(name: "message", data: "one\ntwo", id: "7"),
            ServerSentEvent(name: "message", data: "last", id: "9"),
        ]
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            var parser = EventStreamParser()
            let events = parser.read(bytes[..<cut]) + parser.read(bytes[cut...])
            #expect(events == expected, "cut at \(cut)")
        }
    }

    @Test("an event without its blank line is not yet one")
    func unfinished() {
        var parser = EventStreamParser()
        #expect(parser.read(Array("data: half\n".utf8)) == [])
        #expect(parser.read(Array("\n".utf8)).map(\.data) == ["half"])
    }

    @Test("an event that is too long is dropped, and the next one read")
    func cap() {
        var parser = EventStreamParser(maximumSize: 20)
        let text = "data: " + String(repeating: "x", count: 50) + "\n\ndata: short\n\n"
        #expect(parser.read(Array(text.utf8)).map(\.data) == ["short"])
    }
}
