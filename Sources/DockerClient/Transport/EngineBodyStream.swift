import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// The body of an answer, pulled piece by piece: nothing is read ahead of the consumer but what the kernel holds.
///
/// Can be iterated once. Dropping the iterator ends the request.
struct EngineBodyStream: Sendable {
    let response: HTTPClientResponse
    let transport: EngineTransport
    let operation: String

    var contentType: String? { response.headers.first(name: "Content-Type") }

    struct Iterator {
        fileprivate var base: HTTPClientResponse.Body.AsyncIterator
        fileprivate let transport: EngineTransport
        fileprivate let operation: String

        /// nil at the end, and when the task is cancelled.
        mutating func next() async throws(EngineError) -> ByteBuffer? {
            do { return try await base.next() } catch {
                if Task.isCancelled { return nil }
                throw await transport.engineError(error, operation: operation)
            }
        }

        /// What was received is not what the format promises.
        func violation(_ error: any Error) -> EngineError {
            let place = transport.endpoint.description
            switch error {
            case is LineSplitter.TooLong, StdCopyDemultiplexer.Violation.tooLong:
                return EngineError(
                    .limitExceeded, "a piece of the stream is larger than this client takes", endpoint: place,
                    operation: operation)
            case is StdCopyDemultiplexer.Violation:
                return EngineError(
                    .protocolViolation, "the stream is not in the engine's frame format", endpoint: place,
                    operation: operation)
            default:
                return EngineError(
                    .protocolViolation, "a line of the stream is not what the API promises: \(JSON.words(for: error))",
                    endpoint: place, operation: operation)
            }
        }
    }

    func makeIterator() -> Iterator {
        Iterator(base: response.body.makeAsyncIterator(), transport: transport, operation: operation)
    }
}
