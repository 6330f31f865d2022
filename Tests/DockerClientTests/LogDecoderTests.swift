import NIOCore
import RoadsteadBasics
import RoadsteadTestKit
import Testing

@testable import DockerClient

@Suite("Logs")
struct LogDecoderTests {
    private static let stamp = "2026-01-02T03:04:05.123456789Z"

    private func decode(_ bytes: [UInt8], isFramed: Bool = true, hasDetails: Bool = true) throws -> [LogEntry] {
        var decoder = LogDecoder(isFramed: isFramed, hasDetails: hasDetails)
        return try decoder.feed(ByteBuffer(bytes: bytes)) + decoder.finish()
    }

    @Test("have timestamp, details, stream and text") func whole() throws {
        let details =
            "com.docker.swarm.node.id=n,com.docker.swarm.service.id=s,com.docker.swarm.task.id=t,k%3D1=a+b%2Cc"
        let entries = try decode(FakeFrame.make(.stderr, "\(Self.stamp) \(details) hello  world\n"))
        let entry = try #require(entries.first)
        #expect(entries.count == 1)
        #expect(entry.stream == .stderr && entry.text == "hello  world")
        #expect(entry.timestamp?.description == "2026-01-02T03:04:05.123Z")
        #expect(entry.nodeID == "n" && entry.serviceID == "s" && entry.taskID == "t")
        #expect(entry.details["k=1"] == "a b,c")
    }

    @Test("of a line that the engine cut into pieces are put together, per stream and task") func pieces() throws {
        func frame(_ stream: OutputStream, _ task: String, _ text: String) -> [UInt8] {
            FakeFrame.make(stream, "\(Self.stamp) com.docker.swarm.task.id=\(task) \(text)")
        }
        let entries = try decode(
            frame(.stdout, "1", "aa") + frame(.stdout, "2", "xx") + frame(.stderr, "1", "ee\n")
                + frame(.stdout, "1", "bb\n") + frame(.stdout, "2", "yy\n") + frame(.stdout, "1", "next\n"))
        #expect(entries.map(\.text) == ["ee", "aabb", "xxyy", "next"])
        #expect(entries.map(\.taskID) == ["1", "1", "2", "1"])
    }

    @Test("of a line that never ends are given out at the end") func unended() throws {
        let entries = try decode(FakeFrame.make(.stdout, "\(Self.stamp) a=b no end"))
        #expect(entries.map(\.text) == ["no end"])
    }

    @Test("of a line over 1 MiB come in several entries") func long() throws {
        let piece = String(repeating: "x", count: 16 << 10)
        var bytes: [UInt8] = []
        for _ in 0..<100 { bytes += FakeFrame.make(.stdout, "\(Self.stamp) a=b \(piece)") }
        bytes += FakeFrame.make(.stdout, "\(Self.stamp) a=b end\n")
        let entries = try decode(bytes)
        #expect(entries.map(\.text.utf8.count) == [1 << 20, 100 * (16 << 10) - (1 << 20) + 3])
    }

    @Test("hold at most 64 unfinished lines") func bounded() throws {
        var decoder = LogDecoder(isFramed: true, hasDetails: true)
        var out = 0
        for task in 0..<100 {
            out += try decoder.feed(ByteBuffer(bytes: FakeFrame.make(.stdout, "\(Self.stamp) t=\(task) x"))).count
        }
        #expect(out == 36)
    }

    @Test("of a TTY are lines without frames and carriage returns") func tty() throws {
        let entries = try decode(Array("\(Self.stamp) a=b one\r\n\(Self.stamp) a=b two".utf8), isFramed: false)
        #expect(entries.map(\.text) == ["one", "two"])
        #expect(entries.map(\.stream) == [.stdout, .stdout])
        #expect(entries.allSatisfy { $0.timestamp != nil && $0.details == ["a": "b"] })
    }

    @Test("keep what has no prefix, and the engine's own words, as they are") func bare() throws {
        let entries = try decode(
            FakeFrame.make(.stdout, "no prefix here\n")
                + FakeFrame.make(.system, "Error grabbing logs: node is not available"))
        #expect(entries.map(\.text) == ["no prefix here", "Error grabbing logs: node is not available"])
        #expect(entries.map(\.stream) == [.stdout, .system])
    }

    @Test("of bytes that are not UTF-8 lose nothing around them") func bytes() throws {
        let bytes = Array("\(Self.stamp) a".utf8) + [0xFF] + Array("b\n".utf8)
        #expect(try decode(FakeFrame.make(.stdout, bytes), hasDetails: false).map(\.text) == ["a\u{FFFD}b"])
    }
}
