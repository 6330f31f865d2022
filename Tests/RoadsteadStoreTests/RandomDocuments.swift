import RoadsteadBasics
import RoadsteadModel

/// Documents and filters made so that they meet often: few names, few values, many types of them.
enum RandomDocuments {
    private static let names = ["a", "b", "c-d", "state"]

    private static let scalars: [JSONValue] = [
        nil, true, false, 0, 1, 8, -3, 0.5, 8.0, 2.25, 9_007_199_254_740_993, 9.007199254740992e15, "", "8", "0.5",
        "true",
        "x", "xy", "X", "é", "\u{1F600}", "user/a", "2026-11-05", "2026-11-05T00:00:00Z",
        "2026-11-05T01:00:00.000+01:00",
        "2026-11-06T00:00:00.001Z",
    ]

    private static let literals: [FilterLiteral] = [
        nil, true, false, 0, 1, 8, 9_007_199_254_740_992, "", "8", "8.0", "-3", "0.5", "true", "x", "é", "user/a",
        "1e1",
        "2026-11-05", .date(Instant(millisecondsSinceEpoch: 1_793_836_800_000)), "2026-11-05T00:00:00Z",
    ]

    static func document(_ number: Int, using random: inout some RandomNumberGenerator) -> JSONObject {
        var document: JSONObject = ["id": .string("demo/\(number)")]
        for name in names + ["parent"] where Bool.random(using: &random) {
            // `parent` has an index of its own, for which it must be a text.
            document[name] = name == "parent" ? "user/a" : value(depth: 0, using: &random)
        }
        return document
    }

    private static func value(depth: Int, using random: inout some RandomNumberGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth < 3 ? 10 : 6), using: &random) {
        case 6, 7:
            return .array(
                (0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth: depth + 1, using: &random) })
        case 8, 9:
            var object = JSONObject()
            for name in names where Bool.random(using: &random) {
                object[name] = value(depth: depth + 1, using: &random)
            }
            return .object(object)
        default: return scalars.randomElement(using: &random) ?? .null
        }
    }

    static func filter(depth: Int = 0, using random: inout some RandomNumberGenerator) -> Filter {
        switch Int.random(in: 0..<(depth < 3 ? 8 : 6), using: &random) {
        case 6:
            return .and(
                (0..<Int.random(in: 0...3, using: &random)).map { _ in filter(depth: depth + 1, using: &random) })
        case 7:
            return .or(
                (0..<Int.random(in: 0...3, using: &random)).map { _ in filter(depth: depth + 1, using: &random) })
        default:
            let relation = Filter.Operator.allCases.randomElement(using: &random) ?? .equal
            let count = relation == .equal || relation == .notEqual ? Int.random(in: 0...3, using: &random) : 1
            let values = (0..<count).map { _ in literals.randomElement(using: &random) ?? .null }
            return .comparison(path: path(using: &random), operator: relation, values: values)
        }
    }

    private static func path(using random: inout some RandomNumberGenerator) -> FilterPath {
        if Int.random(in: 0..<12, using: &random) == 0 { return "parent" }
        let count = Int.random(in: 1...3, using: &random)
        return FilterPath((0..<count).map { _ in names.randomElement(using: &random) ?? "a" })
    }
}
