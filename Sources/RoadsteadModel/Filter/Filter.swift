import RoadsteadBasics

/// A condition on documents: the meaning of Nuvla's filter language without its spelling.
///
/// It is a tree of values: `Filter.matches` evaluates it in memory, the store compiles it to SQL, and the two are tested
/// against each other. `and([])` is true, `or([])` is false.
public indirect enum Filter: Sendable, Hashable {
    /// Any value at `path` stands in the relation to any of `values`; see `Operator` for the exceptions.
    case comparison(path: FilterPath, operator: Operator, values: [FilterLiteral])
    /// The words stand in the document's full text one behind the other, the last perhaps only as a beginning.
    case words([ExactText], endsInPrefix: Bool)
    /// The geometries at `path`, taken together, stand in the relation to `geometry`. False when there are none.
    case geometry(path: FilterPath, GeoRelation, Geometry)
    case and([Filter])
    case or([Filter])
    case not(Filter)

    public enum Operator: String, Sendable, Hashable, CaseIterable {
        /// Any value at the path equals any literal. `= null`: there is no value.
        case equal = "="
        /// Exact negation of `equal`, so true when the attribute is missing.
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        /// A text that starts with the literal, case-sensitive.
        case prefix = "^="
    }
}

extension Filter {
    public static func equal(_ path: FilterPath, _ values: FilterLiteral...) -> Filter {
        .comparison(path: path, operator: .equal, values: values)
    }

    public static func notEqual(_ path: FilterPath, _ values: FilterLiteral...) -> Filter {
        .comparison(path: path, operator: .notEqual, values: values)
    }

    /// `path` equals one of `values`; false when there are none.
    public static func oneOf(_ path: FilterPath, _ values: [String]) -> Filter {
        .comparison(path: path, operator: .equal, values: values.map(FilterLiteral.string))
    }

    public static func compare(_ path: FilterPath, _ relation: Operator, _ value: FilterLiteral) -> Filter {
        .comparison(path: path, operator: relation, values: [value])
    }

    public static func && (left: Filter, right: Filter) -> Filter { .and([left, right]) }

    public static func || (left: Filter, right: Filter) -> Filter { .or([left, right]) }
}

/// A constant in a filter. A document's value decides how it is compared: `"8"` equals the number 8 and `8` the text "8".
public enum FilterLiteral: Sendable, Hashable {
    case string(String)
    case integer(Int64)
    case bool(Bool)
    case null
    /// Compared with texts that are RFC 3339 timestamps, by the moment they name; equal to no other text.
    case date(Instant)
    /// A text that also reads as a date: compared with RFC 3339 timestamps by time, with whatever else as that text.
    case period(DatePeriod, text: String)
}

extension FilterLiteral {
    // By bytes, as it is compared with documents: counts are remembered by the filter that they belong to.
    public static func == (left: FilterLiteral, right: FilterLiteral) -> Bool {
        switch (left, right) {
        case (.string(let left), .string(let right)): ExactText(left) == ExactText(right)
        case (.integer(let left), .integer(let right)): left == right
        case (.bool(let left), .bool(let right)): left == right
        case (.null, .null): true
        case (.date(let left), .date(let right)): left == right
        case (.period(let left, let leftText), .period(let right, let rightText)):
            left == right && ExactText(leftText) == ExactText(rightText)
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .string(let text): hasher.combine(ExactText(text))
        case .integer(let value): hasher.combine(value)
        case .bool(let value): hasher.combine(value)
        case .null: hasher.combine(0)
        case .date(let moment): hasher.combine(moment)
        case .period(_, let text): hasher.combine(ExactText(text))
        }
    }
}

extension FilterLiteral: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(nilLiteral: ()) { self = .null }
}

/// Where in a document: names joined by `/`. Arrays on the way and at the end stand for all their elements.
public struct FilterPath: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    public let names: [String]

    public init(_ names: [String]) { self.names = names }

    public init(_ text: String) {
        names = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { String($0) ?? "" }
    }

    public init(stringLiteral value: String) { self.init(value) }

    public var description: String { names.joined(separator: "/") }
}
