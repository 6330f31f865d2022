import Foundation
import NIOCore
import RoadsteadBasics

/// A request as the fake engine read it.
public struct FakeRequest: Sendable {
    public var method: String
    /// Decoded, without version and query: `/services/create`.
    public var path: String
    /// The `1.41` of `/v1.41/…`; nil when the path had none.
    public var version: String?
    public var query: [String: String]
    /// Names in lower case.
    public var headers: [String: String]
    public var body: [UInt8]

    /// The parts of the path: `["services", "create"]`.
    public var segments: [String] { path.split(separator: "/").map(String.init) }

    public func decode<Value: Decodable>(_ type: Value.Type) -> Value? {
        try? JSONDecoder().decode(type, from: Data(body))
    }

    /// `filters={"label":{"a=b":true}}` as names with their values.
    public var filters: [String: [String]] {
        guard let text = query["filters"], let object = try? JSONValue.parse(text).objectValue else { return [:] }
        return Dictionary(uniqueKeysWithValues: object.map { ($0.key, $0.value.objectValue?.keys ?? []) })
    }
}

/// What the fake engine answers.
public enum FakeReply: Sendable {
    case whole(status: Int, headers: [(String, String)], body: [UInt8])
    /// Chunked, until the stream ends or the peer goes.
    case stream(headers: [(String, String)], AsyncStream<[UInt8]>)
    /// `101`, and the connection belongs to the closure.
    case hijack(@Sendable (FakeConnection) async throws -> Void)
    /// These bytes instead of an answer, then the connection is closed.
    case raw([UInt8])
    /// No answer, ever.
    case silence

    public static func json(_ value: some Encodable, status: Int = 200) -> FakeReply {
        let body = (try? JSONEncoder().encode(value)).map(Array.init) ?? []
        return .whole(status: status, headers: [("Content-Type", "application/json")], body: body)
    }

    public static func empty(_ status: Int = 200) -> FakeReply { .whole(status: status, headers: [], body: []) }

    /// `{"message": …}`, as engines answer errors.
    public static func error(_ status: Int, _ message: String) -> FakeReply {
        .json(["message": message], status: status)
    }
}

/// Takes requests out of a stream of bytes. Knows as much of HTTP/1.1 as our own client sends.
struct FakeRequestParser {
    struct Malformed: Error {}

    private var buffer: [UInt8] = []

    mutating func feed(_ bytes: some Sequence<UInt8>) { buffer += bytes }

    /// Whatever is left, for a hijacked connection.
    mutating func takeRest() -> [UInt8] {
        defer { buffer = [] }
        return buffer
    }

    /// The next whole request; nil when bytes are missing.
    mutating func next() throws -> FakeRequest? {
        guard let end = buffer.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: buffer[..<end.lowerBound], as: UTF8.self).split(whereSeparator: \.isNewline)
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { throw Malformed() }
        let pairs = lines.dropFirst().compactMap { line -> (String, String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (line[..<colon].lowercased(), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
        }
        let headers = Dictionary(pairs, uniquingKeysWith: { $1 })
        guard let (body, used) = try Self.body(buffer[end.upperBound...], headers) else { return nil }
        buffer.removeFirst(end.upperBound + used)
        return Self.request(method: String(words[0]), target: words[1], headers: headers, body: body)
    }

    private static func body(
        _ bytes: ArraySlice<UInt8>, _ headers: [String: String]
    ) throws -> (body: [UInt8], used: Int)? {
        if headers["transfer-encoding"]?.lowercased() == "chunked" { return try chunks(bytes) }
        let length = headers["content-length"].flatMap(Int.init) ?? 0
        return bytes.count >= length ? (Array(bytes.prefix(length)), length) : nil
    }

    private static func chunks(_ bytes: ArraySlice<UInt8>) throws -> (body: [UInt8], used: Int)? {
        var (body, rest) = ([UInt8](), bytes)
        while let end = rest.firstRange(of: Array("\r\n".utf8)) {
            guard let size = Int(String(decoding: rest[..<end.lowerBound], as: UTF8.self), radix: 16) else {
                throw Malformed()
            }
            guard rest[end.upperBound...].count >= size + 2 else { return nil }
            body += rest[end.upperBound...].prefix(size)
            rest = rest[end.upperBound...].dropFirst(size + 2)
            if size == 0 { return (body, bytes.count - rest.count) }
        }
        return nil
    }

    private static func request(
        method: String, target: Substring, headers: [String: String], body: [UInt8]
    ) -> FakeRequest {
        let parts = target.split(separator: "?", maxSplits: 1)
        var path = String(parts.first ?? "")
        var version: String?
        if path.hasPrefix("/v1."), let slash = path.dropFirst().firstIndex(of: "/") {
            version = String(path[..<slash].dropFirst(2))
            path = String(path[slash...])
        }
        let items = (parts.count > 1 ? parts[1] : "").split(separator: "&").map { item in
            let pair = item.split(separator: "=", maxSplits: 1).map { String($0).removingPercentEncoding ?? "" }
            return (pair.first ?? "", pair.count > 1 ? pair[1] : "")
        }
        return FakeRequest(
            method: method, path: path.removingPercentEncoding ?? path, version: version,
            query: Dictionary(items, uniquingKeysWith: { $1 }), headers: headers, body: body)
    }
}
