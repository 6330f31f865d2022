import RoadsteadBasics

/// A value as aggregations see it: timestamps are moments, truth values are numbers too.
public enum AggregateValue: Sendable {
    /// Never holds a whole number as a Double that is exact as an integer.
    case number(JSONValue)
    case bool(Bool)
    case date(Instant)
    case text(String)

    /// nil for values that count as missing or opaque: null, arrays within arrays, objects.
    public init?(_ value: JSONValue) {
        switch value {
        case .null, .array, .object: return nil
        case .integer: self = .number(value)
        case .number(let double): self = .number(Int64(exactly: double).map(JSONValue.integer) ?? value)
        case .bool(let bool): self = .bool(bool)
        case .string(let text): self = Instant(rfc3339: text).map(AggregateValue.date) ?? .text(text)
        }
    }

    /// What figures are made of; dates count in milliseconds. nil for text.
    public var figure: Double? {
        switch self {
        case .number(let value): value.doubleValue
        case .bool(let value): value ? 1 : 0
        case .date(let instant): Double(instant.millisecondsSinceEpoch)
        case .text: nil
        }
    }

    public var isDate: Bool { if case .date = self { true } else { false } }

    /// A bucket of `terms`.
    public func bucket(count: Int) -> JSONValue {
        switch self {
        case .number(let value): ["key": value, "doc_count": JSONValue(count)]
        case .bool(let value):
            ["key": value ? 1 : 0, "key_as_string": value ? "true" : "false", "doc_count": JSONValue(count)]
        case .date(let instant):
            [
                "key": .integer(instant.millisecondsSinceEpoch), "key_as_string": .string(instant.description),
                "doc_count": JSONValue(count),
            ]
        case .text(let text): ["key": .string(text), "doc_count": JSONValue(count)]
        }
    }

    /// Kind after kind, each in its own order; text by code point.
    public func precedes(_ other: AggregateValue) -> Bool {
        switch (self, other) {
        case (.number(let left), .number(let right)): NumberOrder.compare(left, right) == .before
        case (.bool(let left), .bool(let right)): !left && right
        case (.date(let left), .date(let right)): left < right
        case (.text(let left), .text(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
        default: rank < other.rank
        }
    }

    private var rank: Int {
        switch self {
        case .number: 0
        case .bool: 1
        case .date: 2
        case .text: 3
        }
    }
}

extension AggregateValue: Hashable {
    /// By bytes: two spellings of one character are two values, as everywhere in the store.
    public static func == (left: AggregateValue, right: AggregateValue) -> Bool {
        switch (left, right) {
        case (.number(let left), .number(let right)): left == right
        case (.bool(let left), .bool(let right)): left == right
        case (.date(let left), .date(let right)): left == right
        case (.text(let left), .text(let right)): left.utf8.elementsEqual(right.utf8)
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(rank)
        switch self {
        case .number(let value): hasher.combine(value)
        case .bool(let value): hasher.combine(value)
        case .date(let value): hasher.combine(value)
        case .text(let value): for byte in value.utf8 { hasher.combine(byte) }
        }
    }
}
