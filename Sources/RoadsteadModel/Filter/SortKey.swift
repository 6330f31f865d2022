import RoadsteadBasics

/// Where a document stands by one attribute, as the store orders them: numbers and truth values before texts, texts by
/// their bytes, an array by its least value or downwards by its greatest; without a value last in both directions.
public struct SortKey: Comparable {
    private enum Value { case number(JSONValue), text([UInt8]) }

    private let value: Value?
    private let isAscending: Bool

    public init(_ path: FilterPath, of document: JSONObject, ascending isAscending: Bool) {
        self.isAscending = isAscending
        let values = path.values(in: document).compactMap(Self.value)
        value =
            isAscending
            ? values.min { Self.order($0, $1) == .before } : values.max { Self.order($0, $1) == .before }
    }

    private static func value(_ value: JSONValue) -> Value? {
        switch value {
        case .bool(let value): .number(value ? 1 : 0)
        case .integer, .number: .number(value)
        case .string(let value): .text(Array(value.utf8))
        case .null, .array, .object: nil
        }
    }

    private static func order(_ left: Value, _ right: Value) -> Ordering {
        switch (left, right) {
        case (.number(let left), .number(let right)): NumberOrder.compare(left, right)
        case (.text(let left), .text(let right)):
            left == right ? .same : left.lexicographicallyPrecedes(right) ? .before : .after
        case (.number, .text): .before
        case (.text, .number): .after
        }
    }

    private static func order(_ left: SortKey, _ right: SortKey) -> Ordering {
        switch (left.value, right.value) {
        case (nil, nil): .same
        case (nil, _?): .after
        case (_?, nil): .before
        case (let first?, let second?): left.isAscending ? order(first, second) : order(second, first)
        }
    }

    public static func == (left: SortKey, right: SortKey) -> Bool { order(left, right) == .same }

    public static func < (left: SortKey, right: SortKey) -> Bool { order(left, right) == .before }
}
