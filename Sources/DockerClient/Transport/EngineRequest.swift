import NIOCore
import NIOHTTP1

/// The path of a request: what is interpolated is escaped, so that no id or name can reach another route.
///
/// `\(name:)` keeps slashes, for the routes that take a whole image name.
struct EnginePath: Sendable, ExpressibleByStringInterpolation, CustomStringConvertible {
    private(set) var description: String
    /// An empty interpolation would turn `/services/{id}` into another route: it is refused when the request is sent.
    private(set) var hasGap: Bool

    init(stringLiteral value: String) { (description, hasGap) = (value, false) }

    init(stringInterpolation: Interpolation) {
        (description, hasGap) = (stringInterpolation.text, stringInterpolation.hasGap)
    }

    struct Interpolation: StringInterpolationProtocol {
        var text = ""
        var hasGap = false

        init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity + 64) }

        mutating func appendLiteral(_ literal: String) { text += literal }

        mutating func appendInterpolation(_ segment: String) {
            hasGap = hasGap || segment.isEmpty || segment == "." || segment == ".."
            text += PercentEncoding.encode(segment)
        }

        mutating func appendInterpolation(name: String) {
            let segments = name.split(separator: "/", omittingEmptySubsequences: false)
            hasGap = hasGap || segments.contains { $0.isEmpty || $0 == "." || $0 == ".." }
            text += PercentEncoding.encode(name, keeping: "/:@")
        }
    }
}

/// Members of a query in the given order; those with a nil value are left out.
struct EngineQuery: Sendable, ExpressibleByDictionaryLiteral {
    private(set) var items: [(name: String, value: String)] = []

    init(dictionaryLiteral elements: (String, String?)...) {
        for (name, value) in elements { if let value { items.append((name, value)) } }
    }

    /// For members that may come several times.
    mutating func append(_ name: String, _ value: String) { items.append((name, value)) }

    var text: String {
        guard !items.isEmpty else { return "" }
        return "?" + items.map { $0.name + "=" + PercentEncoding.encode($0.value) }.joined(separator: "&")
    }
}

/// One request to an engine, before the version and the endpoint are put in front of its path.
struct EngineRequest: Sendable {
    enum Body: Sendable {
        case json(ByteBuffer)
        case tar(ByteBuffer)
        /// An upload whose length is not known.
        case stream(AnyByteSource)
    }

    var method: HTTPMethod
    var path: EnginePath
    var query: EngineQuery = [:]
    var headers: [(String, String)] = []
    var body: Body?
    /// Around head and body of the answer; nil takes the client's.
    var deadline: Duration?
    /// The engine answers only after something has happened: such a call must not hold one of the few connections.
    var isPatient = false

    var operation: String { method.rawValue + " " + path.description }
}

/// Bytes to upload; pulled piece by piece, so that nothing piles up.
public struct AnyByteSource: AsyncSequence, Sendable {
    public typealias Element = ByteBuffer

    private let makeNext: @Sendable () -> () async throws -> ByteBuffer?

    public init<Base: AsyncSequence & Sendable>(_ base: Base) where Base.Element == ByteBuffer {
        makeNext = {
            var iterator = base.makeAsyncIterator()
            return { try await iterator.next() }
        }
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let pull: () async throws -> ByteBuffer?

        public mutating func next() async throws -> ByteBuffer? { try await pull() }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(pull: makeNext()) }
}
