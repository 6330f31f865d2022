import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPCompression
import RoadsteadBasics

/// A request with its body read, and the ways to look at both.
package struct IncomingRequest {
    package let method: String
    package let path: String
    package let query: String
    /// Of the query string, decoded, in their order.
    package let fields: [(name: String, value: String)]
    package let headers: HTTPFields
    package let body: [UInt8]

    /// 16 MiB, inflated: an application with its files.
    package static let largestBody = 16 << 20
    /// Of path and query together.
    package static let longestURI = 16 << 10

    /// Throws an `HTTPFailure`: 413 for a body larger than `largestBody`, 414 for a URI longer than `longestURI`, 400
    /// for a body that cannot be inflated, 415 for an encoding that is not known.
    package init(_ request: Request) async throws {
        guard (request.head.path?.utf8.count ?? 0) <= Self.longestURI else {
            throw HTTPFailure(
                status: 414, message: "the URI is longer than \(Self.longestURI) bytes; put the query into a form body")
        }
        method = request.method.rawValue
        path = Self.decoded(request.uri.path)
        query = request.uri.query ?? ""
        fields = try FormFields.parse(query)
        headers = request.headers
        try Self.checkEncoding(headers)
        body = try await Self.collect(request.body)
    }

    /// In a path a plus sign is itself.
    private static func decoded(_ path: String) -> String {
        path.utf8.contains(UInt8(ascii: "%")) ? FormFields.decode(path.replacing("+", with: "%2B")) : path
    }

    /// `gzip` and `deflate` are undone before a request comes here.
    private static func checkEncoding(_ headers: HTTPFields) throws(HTTPFailure) {
        guard let encoding = headers[.contentEncoding]?.lowercased() else { return }
        guard ["identity", "gzip", "deflate"].contains(encoding) else {
            throw HTTPFailure(
                status: 415, message: "Content-Encoding '\(encoding.prefix(40))' is not known; use gzip or none")
        }
    }

    private static func collect(_ body: RequestBody) async throws -> [UInt8] {
        let tooLarge = HTTPFailure(
            status: 413, message: "the body is larger than \(largestBody >> 20) MiB; send less at once",
            endsConnection: true)
        do {
            return Array(buffer: try await body.collect(upTo: largestBody))
        } catch is NIOTooManyBytesError {
            throw tooLarge
        } catch NIOHTTPDecompression.DecompressionError.limit {
            throw tooLarge
        } catch is NIOHTTPDecompression.DecompressionError {
            throw Self.damaged
        } catch is NIOHTTPDecompression.ExtraDecompressionError {
            throw Self.damaged
        }
    }

    private static let damaged = HTTPFailure(
        status: 400, message: "the body is not what its Content-Encoding says: it cannot be inflated",
        endsConnection: true)

    package func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }

    /// The value of a cookie, of the first that has the name.
    package func cookie(_ name: String) -> String? {
        for header in headers[values: .cookie] {
            for pair in header.utf8.split(separator: UInt8(ascii: ";")) {
                let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1).map { Substring($0) }
                if parts.count == 2, parts[0].trimmingBlanks() == name { return parts[1].trimmingBlanks() }
            }
        }
        return nil
    }
}

extension StringProtocol {
    /// Without blanks, tabs and quotes at its ends. By bytes: every request comes through here (measured: characters took
    /// a sixth of a read's time).
    package func trimmingBlanks() -> String {
        let isText = { (byte: UInt8) in byte != 0x20 && byte != 0x09 && byte != UInt8(ascii: "\"") }
        let text = Substring(self)
        guard let first = text.utf8.firstIndex(where: isText), let last = text.utf8.lastIndex(where: isText) else {
            return ""
        }
        return String(text[first..<text.utf8.index(after: last)])
    }
}
