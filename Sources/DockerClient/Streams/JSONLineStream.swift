import Foundation
import NIOCore

/// A stream of JSON objects, one a line: events, progress of pulls and pushes.
///
/// Pulled: nothing is read ahead of the consumer. Ends with the answer, and when the task is cancelled; throws
/// `EngineError` when the connection is lost or a line is longer than 1 MiB or no such object. Can be iterated once.
public struct JSONLineStream<Element: Decodable & Sendable>: AsyncSequence, Sendable {
    public typealias Failure = EngineError

    let body: EngineBodyStream

    public struct AsyncIterator: AsyncIteratorProtocol {
        public typealias Failure = EngineError

        fileprivate var body: EngineBodyStream.Iterator
        fileprivate var splitter = LineSplitter()
        fileprivate var lines: ArraySlice<ByteBuffer> = []
        fileprivate var isAtEnd = false

        public mutating func next() async throws(EngineError) -> Element? {
            while true {
                if let line = lines.popFirst() {
                    if let element = try decode(line) { return element }
                } else if isAtEnd {
                    return nil
                } else {
                    try await pull()
                }
            }
        }

        private mutating func pull() async throws(EngineError) {
            guard let bytes = try await body.next() else {
                isAtEnd = true
                lines = splitter.finish().map { [$0] } ?? []
                return
            }
            do { lines = try splitter.feed(bytes)[...] } catch { throw body.violation(error) }
        }

        private func decode(_ line: ByteBuffer) throws(EngineError) -> Element? {
            guard line.readableBytesView.contains(where: { $0 > UInt8(ascii: " ") }) else { return nil }
            do { return try JSON.decoder.decode(Element.self, from: Data(line.readableBytesView)) } catch {
                throw body.violation(error)
            }
        }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(body: body.makeIterator()) }
}
