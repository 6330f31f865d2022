import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

@Suite struct LogMergerTests {
    private let start = Instant(millisecondsSinceEpoch: 1_000_000)

    private func line(_ offset: Int64, _ text: String) -> LogLine {
        LogLine(time: start + .milliseconds(offset), service: "web", task: "t", text: text)
    }

    @Test("the past of several places comes in the order of time")
    func past() {
        var merger = LogMerger(at: start)
        for (offset, text) in [(30, "c"), (10, "a"), (20, "b")] { merger.add(line(Int64(offset), text), at: start) }
        #expect(merger.ready(at: start + .milliseconds(500)).isEmpty, "a slow place may still have something")
        #expect(merger.ready(at: start + .seconds(1)).map(\.text) == ["a", "b", "c"])
        #expect(merger.isEmpty)
    }

    @Test("a line that comes late is still put before a younger one within the window")
    func late() {
        var merger = LogMerger(at: start)
        let later = start + .seconds(10)
        merger.add(line(10_000, "second"), at: later)
        merger.add(line(9_990, "first"), at: later + .milliseconds(100))
        #expect(merger.ready(at: later + .milliseconds(200)).isEmpty)
        #expect(merger.ready(at: later + .milliseconds(260)).map(\.text) == ["first", "second"])
    }

    @Test("lines of the same moment keep the order in which they came; the rest comes at the end")
    func ties() {
        var merger = LogMerger(at: start)
        for text in ["1", "2", "3"] { merger.add(line(5, text), at: start) }
        #expect(merger.rest().map(\.text) == ["1", "2", "3"])
    }

    @Test("nothing is held beyond the limit")
    func bounded() {
        var merger = LogMerger(at: start)
        for index in 0..<LogMerger.most { merger.add(line(Int64(index), "x"), at: start) }
        #expect(merger.isFull)
        #expect(merger.ready(at: start).count == LogMerger.most)
    }

    @Test("lines of dead tasks are kept within bounds, whole lines only, for their owner alone")
    func deadTasks() async throws {
        try await TemporaryDirectory.run { folder in
            let logs = DeadTaskLogs(folder: folder.file("task-logs"))
            let id = ResourceID(type: "deployment", identifier: "d1")
            #expect(await logs.lines(of: id).isEmpty)
            for round in 0..<40 {
                await logs.add(
                    (0..<100).map { line(Int64($0), "\(round) " + String(repeating: "x", count: 90)) }, of: id)
            }
            let lines = await logs.lines(of: id)
            #expect(lines.last?.text.hasPrefix("39 ") == true && (100..<4000).contains(lines.count))
            let path = folder.file("task-logs/d1.jsonl")
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect((attributes[.posixPermissions] as? Int) == 0o600)
            #expect((attributes[.size] as? Int ?? 0) <= DeadTaskLogs.limit)
            await logs.forget(id)
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test("a kept line reads back as it was")
    func roundTrip() {
        let line = LogLine(
            time: start, service: "web", task: "t1", slot: 2, node: "h1", stream: "stderr", text: "a \"b\"\n")
        #expect(LogLine(json: line.json) == line)
        #expect(line.event.line == "\(start) web.2@h1 | a \"b\"\n")
    }

    @Test("arguments of streams are read from the query, and wrong ones are said")
    func arguments() throws {
        let now = start
        let arguments = StreamArguments(
            body: ["service": ["a", "b"], "tail": "5", "since": "10m", "follow": "", "task": "t"])
        let query = try LogQuery(arguments, now: now)
        #expect(query == LogQuery(services: ["a", "b"], task: "t", since: now - .seconds(600), tail: 5, follow: true))
        #expect(try LogQuery(StreamArguments(body: [:]), now: now).tail == 200)
        #expect(try LogQuery(StreamArguments(body: ["tail": "all"]), now: now).tail == nil)
        for wrong: JSONObject in [["tail": "x"], ["tail": "-1"], ["since": "yesterday"], ["since": "10y"]] {
            #expect(throws: RoadsteadError.self) { try LogQuery(StreamArguments(body: wrong), now: now) }
        }
        let console = try ConsoleRequest(
            StreamArguments(body: ["task": "web.1", "command": ["ls", "-l"], "tty": "true"]))
        #expect(console.command == ["ls", "-l"] && console.isTTY && console.task == "web.1")
        #expect(try ConsoleRequest(StreamArguments(body: ["task": "web"])).command == ["/bin/sh"])
        #expect(throws: RoadsteadError.self) { try ConsoleRequest(StreamArguments(body: [:])) }
    }
}
