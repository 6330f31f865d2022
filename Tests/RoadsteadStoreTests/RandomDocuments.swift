import RoadsteadBasics
import RoadsteadModel

/// Documents and filters made so that they meet often: few names, few values, many types of them.
enum RandomDocuments {
    static let principals = ["user/a", "user/b", "group/x", "group/y"]

    private static let names = ["a", "b", "c-d", "state", "name", "timestamp"]
    /// Attributes that the store keeps beside the documents, each in its own way.
    private static let filed: [FilterPath] = [
        "parent", "users", "state", "name", "timestamp", "subtype", "content/resource/href", "content-type", "tags",
        "created", "updated", "id", "expiry", "user",
    ]

    private static let scalars: [JSONValue] = [
        nil, true, false, 0, 1, 8, -3, 0.5, 8.0, 2.25, 2026, 9_007_199_254_740_993, 9.007199254740992e15, "", "8",
        "0.5",
        "true", "x", "xy", "X", "é", "e\u{301}", "\u{1F600}", "user/a", "2026", "2026-11-05", "2026-11-05T00:00:00Z",
        "2026-11-05T01:00:00.000+01:00", "2026-11-06T00:00:00.001Z", "now", "two words", "words",
        .string(String(repeating: "long ", count: 30)),
    ]

    private static let places: [JSONValue] = [
        [1, 1], [5, 5, 100], [9, 1], [3, 5], ["type": "LineString", "coordinates": [[0, 0], [10, 10]]],
        ["type": "Polygon", "coordinates": [[[4, 4], [6, 4], [6, 6], [4, 6], [4, 4]]]],
        ["type": "MultiPoint", "coordinates": [[1, 1], [20, 20]]], [[1, 1], [2, 2]],
    ]

    private static let literals: [FilterLiteral] = [
        nil, true, false, 0, 1, 8, 9_007_199_254_740_992, "", "8", "8.0", "-3", "0.5", "true", "x", "é", "e\u{301}",
        "user/a", "demo/3", "demo/22", "1e1", "2026-11-05", .date(Instant(millisecondsSinceEpoch: 1_793_836_800_000)),
        "2026-11-05T00:00:00Z",
        .string(String(repeating: "long ", count: 30)), .string(String(repeating: "long ", count: 13)),
    ]

    private static let geometries = [
        "POINT(1 1)", "POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((0 0,10 0,10 10,0 10,0 0),(3 3,7 3,7 7,3 7,3 3))",
        "LINESTRING(0 0,5 5)", "MULTIPOINT(1 1,2 2)",
    ]

    static func document(_ number: Int, using random: inout some RandomNumberGenerator) -> JSONObject {
        var document: JSONObject = ["id": .string("demo/\(number)")]
        let day = Int64.random(in: 0..<4, using: &random)
        let created = Instant(millisecondsSinceEpoch: 1_793_750_400_000 + day * 86_400_000)
        document["created"] = .string(created.description)
        for name in names where Bool.random(using: &random) { document[name] = value(depth: 0, using: &random) }
        for path in filed where Int.random(in: 0..<3, using: &random) == 0 {
            set(path, to: value(depth: 2, using: &random), in: &document)
        }
        if Bool.random(using: &random) {
            document["description"] = .string(phrase(using: &random))
            document["ns:note"] = .string(phrase(using: &random))
        }
        if Bool.random(using: &random) { document["place"] = places.randomElement(using: &random) }
        let owners = principals.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
        document["acl"] = ["owners": JSONValue(owners + ["group/nuvla-admin"])]
        return document
    }

    private static func set(_ path: FilterPath, to value: JSONValue, in document: inout JSONObject) {
        guard !["id", "created", "updated"].contains(path.description) else { return }
        let nested = path.names.dropFirst().reversed().reduce(value) { .object(JSONObject([($1, $0)])) }
        document[path.names[0]] = nested
    }

    private static func phrase(using random: inout some RandomNumberGenerator) -> String {
        let words = ["alpha", "Beta", "beta-max", "gamma", "été", "x"]
        return (0..<Int.random(in: 0...4, using: &random)).compactMap { _ in words.randomElement(using: &random) }
            .joined(separator: " ")
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
        switch Int.random(in: 0..<(depth < 3 ? 13 : 9), using: &random) {
        case 7: return text(using: &random)
        case 8: return geography(using: &random)
        case 9, 10: return .and(filters(depth: depth + 1, using: &random))
        case 11: return .or(filters(depth: depth + 1, using: &random))
        case 12: return .not(filter(depth: depth + 1, using: &random))
        default: return comparison(using: &random)
        }
    }

    private static func filters(depth: Int, using random: inout some RandomNumberGenerator) -> [Filter] {
        (0..<Int.random(in: 0...3, using: &random)).map { _ in filter(depth: depth, using: &random) }
    }

    private static func comparison(using random: inout some RandomNumberGenerator) -> Filter {
        let relation = Filter.Operator.allCases.randomElement(using: &random) ?? .equal
        let isSet = relation == .equal || relation == .notEqual
        let count = isSet ? Int.random(in: 0...3, using: &random) : 1
        let values = (0..<count).map { _ in literal(using: &random) }
        return .comparison(path: path(using: &random), operator: relation, values: values)
    }

    private static func literal(using random: inout some RandomNumberGenerator) -> FilterLiteral {
        guard Int.random(in: 0..<3, using: &random) == 0 else { return literals.randomElement(using: &random) ?? nil }
        // As the parser makes them: dates with the text that they were written as.
        let dates = ["now", "now/d", "2026", "2026-11", "2026-11-05", "2026-11-05T00:00:00Z", "now-1d/d", "20261105"]
        let now = Instant(millisecondsSinceEpoch: 1_793_923_200_000)
        let text = dates.randomElement(using: &random) ?? "now"
        guard case .comparison(_, _, let values)? = try? Filter.parse("a='\(text)'", now: now) else { return nil }
        return values[0]
    }

    private static func text(using random: inout some RandomNumberGenerator) -> Filter {
        let queries = [
            "alpha", "bet*", "+alpha +beta", "alpha -beta", "\"beta max\"", "beta-m*", "été | gamma", "", "demo", "-x",
            "(alpha | x) + gam*", "\"x alpha\"", "word*",
        ]
        let attribute = ["fulltext", "fulltext", "name", "state"].randomElement(using: &random) ?? "fulltext"
        let query = queries.randomElement(using: &random) ?? ""
        let filter = try? Filter.parse("\(attribute)=='\(query)'", now: Instant(millisecondsSinceEpoch: 0))
        return filter ?? .or([])
    }

    private static func geography(using random: inout some RandomNumberGenerator) -> Filter {
        let relation = GeoRelation.allCases.randomElement(using: &random) ?? .intersects
        let geometry = geometries.randomElement(using: &random) ?? "POINT(1 1)"
        let path = ["place", "place", "a/place", "nosuch"].randomElement(using: &random) ?? "place"
        let text = "\(path) \(relation.rawValue) '\(geometry)'"
        return (try? Filter.parse(text, now: Instant(millisecondsSinceEpoch: 0))) ?? .or([])
    }

    static func path(using random: inout some RandomNumberGenerator) -> FilterPath {
        if Bool.random(using: &random) { return filed.randomElement(using: &random) ?? "parent" }
        let count = Int.random(in: 1...3, using: &random)
        return FilterPath((0..<count).map { _ in names.randomElement(using: &random) ?? "a" })
    }
}
