import RoadsteadBasics

/// What values an attribute takes.
public indirect enum AttributeKind: Sendable {
    case string
    /// A string with something else than blanks in it.
    case text
    /// A string that passes a named rule, said in words for the message.
    case token(rule: String, @Sendable (String) -> Bool)
    case oneOf([String])
    case boolean
    case integer(ClosedRange<Int64>)
    case number
    case timestamp
    /// `type/identifier`; of any of the given types, or of any when there are none.
    case resource([String])
    case array(of: AttributeKind, minimum: Int, isDistinct: Bool)
    case map(Schema)
    /// A map of free keys, all values of one kind.
    case dictionary(of: AttributeKind)
    case anything

    public static func array(of kind: AttributeKind) -> AttributeKind {
        .array(of: kind, minimum: 0, isDistinct: false)
    }

    public static let strings = AttributeKind.array(of: .string)

    /// Why `value` does not fit, as the rest of a sentence that begins with the attribute's name; nil when it fits.
    /// Problems inside maps and arrays are reported under their own paths.
    func problems(with value: JSONValue, at path: String) -> [SchemaProblem] {
        switch self {
        case .array(let kind, let minimum, let isDistinct):
            Self.arrayProblems(value, kind: kind, minimum: minimum, isDistinct: isDistinct, path: path)
        case .map(let schema):
            value.objectValue.map { schema.problems(with: $0, at: path) } ?? [SchemaProblem(path, "must be a map")]
        case .dictionary(let kind):
            value.objectValue.map { object in object.flatMap { kind.problems(with: $0.value, at: path + "." + $0.key) }
            }
                ?? [SchemaProblem(path, "must be a map")]
        default:
            fits(value) ? [] : [SchemaProblem(path, "must be " + expectation)]
        }
    }

    private static func arrayProblems(
        _ value: JSONValue, kind: AttributeKind, minimum: Int, isDistinct: Bool, path: String
    ) -> [SchemaProblem] {
        guard let elements = value.arrayValue else { return [SchemaProblem(path, "must be an array")] }
        if elements.count < minimum { return [SchemaProblem(path, "must have at least \(minimum) element(s)")] }
        if isDistinct, Set(elements).count < elements.count {
            return [SchemaProblem(path, "must not hold the same element twice")]
        }
        return elements.enumerated().flatMap { kind.problems(with: $1, at: "\(path)[\($0)]") }
    }

    private func fits(_ value: JSONValue) -> Bool {
        switch self {
        case .string: value.stringValue != nil
        case .text: value.stringValue?.contains { !$0.isWhitespace } ?? false
        case .token(_, let isValid): value.stringValue.map(isValid) ?? false
        case .oneOf(let values): value.stringValue.map(values.contains) ?? false
        case .boolean: value.boolValue != nil
        case .integer(let range): value.integerValue.map(range.contains) ?? false
        case .number: value.doubleValue != nil
        case .timestamp: value.stringValue.flatMap { Instant(rfc3339: $0) } != nil
        case .resource(let types): Self.isResource(value, of: types)
        case .array, .map, .dictionary, .anything: true
        }
    }

    private static func isResource(_ value: JSONValue, of types: [String]) -> Bool {
        guard let id = value.stringValue.flatMap({ ResourceID($0) }) else { return false }
        return types.isEmpty || types.contains(id.type)
    }

    private var expectation: String {
        switch self {
        case .string: "a string"
        case .text: "a string that is not blank"
        case .token(let rule, _): rule
        case .oneOf(let values): "one of " + values.joined(separator: ", ")
        case .boolean: "true or false"
        case .integer(let range) where range.upperBound == .max: "an integer of at least \(range.lowerBound)"
        case .integer(let range): "an integer from \(range.lowerBound) to \(range.upperBound)"
        case .number: "a number"
        case .timestamp: "a timestamp such as 2026-11-22T09:30:00.000Z"
        case .resource(let types) where types.isEmpty: "a resource id such as credential/7d5c…"
        case .resource(let types): "the id of a " + types.joined(separator: " or ")
        case .array: "an array"
        case .map, .dictionary: "a map"
        case .anything: "any value"
        }
    }
}
