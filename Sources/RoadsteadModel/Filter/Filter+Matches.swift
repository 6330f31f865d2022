import RoadsteadBasics

extension Filter {
    /// Whether `document` meets this condition. Unknown attributes are missing, never an error.
    public func matches(_ document: JSONObject) -> Bool {
        switch self {
        case .and(let filters): filters.allSatisfy { $0.matches(document) }
        case .or(let filters): filters.contains { $0.matches(document) }
        case .not(let filter): !filter.matches(document)
        case .words(let words, let endsInPrefix):
            FullText.contains(words.map(\.text), endsInPrefix: endsInPrefix, in: document)
        case .geometry(let path, let relation, let geometry):
            path.geometry(in: document).map { relation.holds($0, geometry) } ?? false
        case .comparison(let path, .notEqual, let literals):
            !Self.hasMatch(document, path, .equal, literals)
        case .comparison(let path, let relation, let literals):
            Self.hasMatch(document, path, relation, literals)
        }
    }

    private static func hasMatch(
        _ document: JSONObject, _ path: FilterPath, _ relation: Operator, _ literals: [FilterLiteral]
    ) -> Bool {
        let values = path.values(in: document)
        return literals.contains { literal in
            if literal == .null { return relation == .equal && values.allSatisfy(\.isNull) }
            return values.contains { literal.stands(relation, to: $0) }
        }
    }
}

extension FilterPath {
    /// The values that the path leads to. Arrays count as their elements. An array within an array, an object within an
    /// array, and each member of an object that the path ends at are opaque: present, but equal to nothing.
    public func values(in document: JSONObject) -> [JSONValue] {
        guard let last = names.last else { return [] }
        return holders(in: document).flatMap { holder -> [JSONValue] in
            switch holder[last] {
            case .array(let elements)?: elements
            case .object(let object)?: object.members.map { $0.value == .null ? .null : .array([]) }
            case let value?: [value]
            case nil: []
            }
        }
    }

    /// The objects that have, or could have, the attribute of the path's last name.
    func holders(in document: JSONObject) -> [JSONObject] {
        var holders = [document]
        for name in names.dropLast() { holders = holders.flatMap { Self.objects($0[name]) } }
        return holders
    }

    private static func objects(_ value: JSONValue?) -> [JSONObject] {
        switch value {
        case .object(let object)?: [object]
        case .array(let elements)?: elements.compactMap(\.objectValue)
        default: []
        }
    }
}

extension FilterLiteral {
    /// The number that this literal is when it meets a number: quoted numbers are the way to write fractions and signs.
    public var number: JSONValue? {
        switch self {
        case .integer(let value): return .integer(value)
        case .string(let text), .period(_, let text):
            guard let first = text.utf8.first, first == UInt8(ascii: "-") || (48...57).contains(first),
                let last = text.utf8.last, (48...57).contains(last),
                let value = try? JSONValue.parse(text), value.doubleValue != nil
            else { return nil }
            return value
        default: return nil
        }
    }

    /// The text that this literal is when it meets a text.
    public var text: String? {
        switch self {
        case .string(let value), .period(_, let value): value
        case .integer(let value): String(value)
        case .bool(let value): value ? "true" : "false"
        case .null, .date: nil
        }
    }

    /// The time that this literal is when it meets a timestamp.
    public var period: DatePeriod? {
        switch self {
        case .date(let moment): DatePeriod(moment)
        case .period(let period, _): period
        case .string, .integer, .bool, .null: nil
        }
    }

    /// The truth value that this literal is when it meets one.
    public var truth: Bool? {
        switch self {
        case .bool(let value): value
        case .string("true"): true
        case .string("false"): false
        default: nil
        }
    }

    fileprivate func stands(_ relation: Filter.Operator, to value: JSONValue) -> Bool {
        switch value {
        case .string(let stored): stands(relation, toText: stored)
        case .integer, .number: number.map { relation.holds(NumberOrder.compare(value, $0)) } ?? false
        case .bool(let stored): relation == .equal && truth == stored
        case .null, .array, .object: false
        }
    }

    private func stands(_ relation: Filter.Operator, toText stored: String) -> Bool {
        if relation != .prefix, let period, let moment = Instant(rfc3339: stored) {
            return period.stands(relation, to: moment)
        }
        guard let text else { return false }
        // Bytes, not Swift's string comparison: code point order, and no two spellings of one character are equal.
        if relation == .prefix { return stored.utf8.starts(with: text.utf8) }
        if stored.utf8.elementsEqual(text.utf8) { return relation.holds(.same) }
        return relation.holds(stored.utf8.lexicographicallyPrecedes(text.utf8) ? .before : .after)
    }
}

/// How two values of one kind stand to each other.
enum Ordering {
    case before, same, after

    init<Value: Comparable>(_ left: Value, _ right: Value) {
        self = left < right ? .before : left == right ? .same : .after
    }
}

extension Filter.Operator {
    fileprivate func holds(_ ordering: Ordering) -> Bool {
        switch self {
        case .equal: ordering == .same
        case .notEqual: ordering != .same
        case .less: ordering == .before
        case .lessOrEqual: ordering != .after
        case .greater: ordering == .after
        case .greaterOrEqual: ordering != .before
        case .prefix: false
        }
    }
}

/// Compares JSON numbers by value, exactly where both are integers.
enum NumberOrder {
    static func compare(_ left: JSONValue, _ right: JSONValue) -> Ordering {
        switch (left, right) {
        case (.integer(let left), .integer(let right)): Ordering(left, right)
        case (.integer(let left), .number(let right)): compare(left, right)
        case (.number(let left), .integer(let right)): compare(right, left).reversed
        default: Ordering(left.doubleValue ?? .nan, right.doubleValue ?? .nan)
        }
    }

    /// A Double of 2^63 or more lies above every Int64; below that its whole part is exact as Int64.
    private static func compare(_ left: Int64, _ right: Double) -> Ordering {
        if right >= 9_223_372_036_854_775_808 { return .before }
        if right < -9_223_372_036_854_775_808 { return .after }
        let whole = right.rounded(.down)
        let ordering = Ordering(left, Int64(whole))
        return ordering == .same && right > whole ? .before : ordering
    }
}

extension Ordering {
    fileprivate var reversed: Ordering {
        switch self {
        case .before: .after
        case .same: .same
        case .after: .before
        }
    }
}
