import Foundation
import NIOCore
import NIOHTTP1

/// A whole answer.
struct EngineResponse: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let body: ByteBuffer

    private struct Message: Decodable { var message: String? }

    /// The error that this answer is, in the engine's words.
    func error(operation: String, endpoint: EngineEndpoint) -> EngineError {
        let text = String(buffer: body)
        let message = (try? JSONDecoder().decode(Message.self, from: Data(body.readableBytesView)))?.message ?? text
        let trimmed = message.trimmingCharacters(in: .whitespacesAndNewlines)
        let place = endpoint.description
        // Go's server says so when it gets plain HTTP on a TLS port.
        if status == 400, text.hasPrefix("Client sent an HTTP request to an HTTPS server") {
            let (kind, words) = TLSDiagnosis.tlsRequired
            return EngineError(kind, words, endpoint: place, operation: operation)
        }
        if status == 400, Self.isAboutVersion(trimmed) {
            return EngineError(.versionUnsupported, trimmed, endpoint: place, operation: operation)
        }
        let words = trimmed.isEmpty ? "status \(status) without a message" : String(trimmed.prefix(64 << 10))
        return EngineError(.engine(status: status), words, endpoint: place, operation: operation)
    }

    /// `client version 1.41 is too old. Minimum supported API version is 1.44, …` (20.10 to 29 agree on the words).
    private static func isAboutVersion(_ message: String) -> Bool {
        message.contains("client version") && (message.contains("too old") || message.contains("too new"))
    }
}
