/// The id of an API resource: `type/identifier`, such as `deployment/6f1c…` or `group/ops`.
///
/// The type is lower-case letters and hyphens; the identifier letters, digits, `-`, `_` and `.`.
public struct ResourceID: Sendable, Hashable {
    public let type: String
    public let identifier: String

    public init(type: String, identifier: String) {
        self.type = type
        self.identifier = identifier
    }

    /// nil when `text` is not of that form or is longer than 256 bytes.
    public init?(_ text: String) {
        guard text.utf8.count <= 256, let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) else { return nil }
        let type = text[..<slash]
        let identifier = text[text.utf8.index(after: slash)...]
        guard !type.isEmpty, !identifier.isEmpty, type.utf8.allSatisfy(Self.isTypeByte),
            identifier.utf8.allSatisfy(Self.isIdentifierByte)
        else { return nil }
        self.init(type: String(type), identifier: String(identifier))
    }

    public init?(_ text: Substring) { self.init(String(text)) }

    private static func isTypeByte(_ byte: UInt8) -> Bool { (97...122).contains(byte) || byte == UInt8(ascii: "-") }

    private static func isIdentifierByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
        default: false
        }
    }
}

extension ResourceID: CustomStringConvertible {
    public var description: String { type + "/" + identifier }
}

extension ResourceID: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = ResourceID(text) else {
            let context = DecodingError.Context(
                codingPath: decoder.codingPath, debugDescription: "'\(text)' is not a resource id (type/identifier)")
            throw DecodingError.dataCorrupted(context)
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
