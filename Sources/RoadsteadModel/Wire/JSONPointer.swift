import RoadsteadBasics

/// A place within a JSON value (RFC 6901): `/a/0/b~1c`.
public struct JSONPointer: Sendable, Hashable, CustomStringConvertible {
    /// Unescaped; none for the whole value.
    public let tokens: [String]

    /// Throws `invalidInput` when the text neither is empty nor begins with a slash, or holds a wrong escape.
    public init(_ text: String) throws(RoadsteadError) {
        guard text.isEmpty || text.hasPrefix("/") else {
            throw RoadsteadError(.invalidInput, "'\(text.prefix(100))' is no JSON pointer; it must begin with '/'")
        }
        var tokens: [String] = []
        for token in text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst() {
            guard let token = Self.unescaped(token) else {
                throw RoadsteadError(
                    .invalidInput, "'\(text.prefix(100))' is no JSON pointer; write '~0' for '~' and '~1' for '/'")
            }
            tokens.append(token)
        }
        self.tokens = tokens
    }

    private static func unescaped(_ token: Substring.UTF8View) -> String? {
        var bytes: [UInt8] = []
        var rest = token[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "~") else {
                bytes.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "0"): bytes.append(UInt8(ascii: "~"))
            case UInt8(ascii: "1"): bytes.append(UInt8(ascii: "/"))
            default: return nil
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    public var description: String {
        tokens.map { "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1") }.joined()
    }

    /// Whether this place lies within the one of `other`, or is it.
    func isWithin(_ other: JSONPointer) -> Bool { tokens.starts(with: other.tokens) }

    /// The value there, or nil.
    func value(in root: JSONValue) -> JSONValue? {
        var value = root
        for token in tokens {
            switch value {
            case .object(let object):
                guard let member = object[token] else { return nil }
                value = member
            case .array(let elements):
                guard let index = Self.index(token), elements.indices.contains(index) else { return nil }
                value = elements[index]
            default: return nil
            }
        }
        return value
    }

    /// Digits without leading zeros; nil for anything else, `-` included.
    static func index(_ token: String) -> Int? {
        guard !token.isEmpty, token.utf8.count <= 9, token.utf8.allSatisfy({ (48...57).contains($0) }),
            token == "0" || !token.hasPrefix("0")
        else { return nil }
        return Int(token)
    }
}
