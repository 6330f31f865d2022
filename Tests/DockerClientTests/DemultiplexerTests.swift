import NIOCore
import RoadsteadTestKit
import Testing

@testable import DockerClient

@Suite("Multiplexed streams")
struct DemultiplexerTests {
    @Test("come out whole however the bytes are cut") func everyCut() throws {
        let bytes =
            FakeFrame.make(.stdout, "one\n") + FakeFrame.make(.stderr, "") + FakeFrame.make(.stderr, "two")
            + FakeFrame.make(.system, "three")
        for cut in 0...bytes.count {
            var demultiplexer = StdCopyDemultiplexer()
            var frames = try demultiplexer.feed(ByteBuffer(bytes: bytes[..<cut]))
            frames += try demultiplexer.feed(ByteBuffer(bytes: bytes[cut...]))
            try demultiplexer.finish()
            #expect(frames.map(\.stream) == [.stdout, .stderr, .system])
            #expect(frames.map { String(buffer: $0.bytes) } == ["one\n", "two", "three"])
        }
    }

    @Test("one byte at a time") func trickle() throws {
        var (demultiplexer, frames) = (StdCopyDemultiplexer(), [StdCopyDemultiplexer.Frame]())
        for byte in FakeFrame.make(.stdout, String(repeating: "x", count: 300)) {
            frames += try demultiplexer.feed(ByteBuffer(bytes: [byte]))
        }
        #expect(frames.map(\.bytes.readableBytes) == [300])
    }

    @Test(
        "that are none are refused",
        arguments: [[4, 0, 0, 0, 0, 0, 0, 1], [1, 1, 0, 0, 0, 0, 0, 1], Array("plain text".utf8)])
    func malformed(bytes: [UInt8]) {
        var demultiplexer = StdCopyDemultiplexer()
        #expect(throws: StdCopyDemultiplexer.Violation.notAFrame) { try demultiplexer.feed(ByteBuffer(bytes: bytes)) }
    }

    @Test("with a frame over the limit are refused before it is waited for") func tooLong() {
        var demultiplexer = StdCopyDemultiplexer(limit: 10)
        #expect(throws: StdCopyDemultiplexer.Violation.tooLong(11)) {
            try demultiplexer.feed(ByteBuffer(bytes: [1, 0, 0, 0, 0, 0, 0, 11]))
        }
    }

    @Test("that end inside a frame say so") func cutOff() throws {
        var demultiplexer = StdCopyDemultiplexer()
        _ = try demultiplexer.feed(ByteBuffer(bytes: [1, 0, 0, 0, 0, 0, 0, 2, 65]))
        #expect(throws: StdCopyDemultiplexer.Violation.cutOff) { try demultiplexer.finish() }
    }
}

@Suite("Lines")
struct LineSplitterTests {
    @Test("come out however the bytes are cut") func everyCut() throws {
        let bytes = Array("a\n\nbc\r\nlast".utf8)
        for cut in 0...bytes.count {
            var splitter = LineSplitter()
            var lines = try splitter.feed(ByteBuffer(bytes: bytes[..<cut]))
            lines += try splitter.feed(ByteBuffer(bytes: bytes[cut...]))
            #expect(lines.map { String(buffer: $0) } == ["a", "", "bc\r"])
            #expect(splitter.finish().map { String(buffer: $0) } == "last")
            #expect(splitter.finish() == nil)
        }
    }

    @Test("longer than the limit are refused, ended or not") func tooLong() throws {
        var splitter = LineSplitter(limit: 3)
        #expect(try splitter.feed(ByteBuffer(string: "abc\n")).count == 1)
        #expect(throws: LineSplitter.TooLong.self) { try splitter.feed(ByteBuffer(string: "abcd")) }
        var other = LineSplitter(limit: 3)
        #expect(throws: LineSplitter.TooLong.self) { try other.feed(ByteBuffer(string: "abcd\n")) }
    }
}
