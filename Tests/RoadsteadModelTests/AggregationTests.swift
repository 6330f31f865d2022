import RoadsteadBasics
import RoadsteadModel
import Testing

@Suite struct AggregationTests {
    static let documents: [JSONObject] = [
        ["state": "B", "n": 1, "ok": true, "tags": ["x", "y", "x"], "when": "2026-11-05T00:00:00Z"],
        ["state": "A", "n": 2.5, "ok": false, "tags": ["x"], "when": "2026-11-05T01:00:00+01:00"],
        ["state": "A", "n": 4, "tags": [], "o": ["p": 1]], ["n": nil],
    ]

    static let results: [(String, String)] = [
        ("min:n", #"{"value":1.0}"#), ("max:n", #"{"value":4.0}"#), ("sum:n", #"{"value":7.5}"#),
        ("avg:n", #"{"value":2.5}"#), ("value_count:n", #"{"value":3}"#), ("cardinality:state", #"{"value":2}"#),
        ("missing:n", #"{"doc_count":1}"#), ("missing:tags", #"{"doc_count":2}"#),
        ("stats:n", #"{"count":3,"min":1.0,"max":4.0,"avg":2.5,"sum":7.5}"#),
        ("min:nosuch", #"{"value":null}"#), ("avg:nosuch", #"{"value":null}"#), ("sum:nosuch", #"{"value":0.0}"#),
        ("min:state", #"{"value":null}"#), ("value_count:o", #"{"value":0}"#), ("sum:o/p", #"{"value":1.0}"#),
        ("stats:nosuch", #"{"count":0,"min":null,"max":null,"avg":null,"sum":0.0}"#),
        ("max:when", #"{"value":1793836800000.0,"value_as_string":"2026-11-05T00:00:00.000Z"}"#),
        (
            "percentiles:n",
            #"{"values":{"1.0":1.03,"5.0":1.15,"25.0":1.75,"50.0":2.5,"75.0":3.25,"95.0":3.85,"99.0":3.97}}"#
        ),
        (
            "percentiles:nosuch",
            #"{"values":{"1.0":null,"5.0":null,"25.0":null,"50.0":null,"75.0":null,"95.0":null,"99.0":null}}"#
        ),
        (
            "terms:state",
            #"{"doc_count_error_upper_bound":0,"sum_other_doc_count":0,"buckets":[{"key":"A","doc_count":2},{"key":"B","doc_count":1}]}"#
        ),
        (
            "terms:tags",
            #"{"doc_count_error_upper_bound":0,"sum_other_doc_count":0,"buckets":[{"key":"x","doc_count":2},{"key":"y","doc_count":1}]}"#
        ),
        (
            "terms:ok",
            #"{"doc_count_error_upper_bound":0,"sum_other_doc_count":0,"buckets":[{"key":0,"key_as_string":"false","doc_count":1},{"key":1,"key_as_string":"true","doc_count":1}]}"#
        ),
        (
            "terms:when",
            #"{"doc_count_error_upper_bound":0,"sum_other_doc_count":0,"buckets":[{"key":1793836800000,"key_as_string":"2026-11-05T00:00:00.000Z","doc_count":2}]}"#
        ),
    ]

    @Test("every algorithm gives the result in the search engine's shape", arguments: results)
    func result(_ example: (String, String)) throws {
        let aggregation = try #require(Aggregation(example.0))
        let expected = try JSONValue.parse(example.1)
        #expect(rounded(.object(aggregation.result(over: Self.documents))) == rounded(expected))
    }

    /// Sums of fractions differ in their last bits.
    private func rounded(_ value: JSONValue) -> JSONValue {
        switch value {
        case .number(let number): .number((number * 1e9).rounded() / 1e9)
        case .object(let object): .object(JSONObject(object.map { ($0.key, rounded($0.value)) }))
        case .array(let elements): .array(elements.map(rounded))
        default: value
        }
    }

    @Test("extended_stats is stats with variances and bounds")
    func extended() throws {
        let result = try #require(Aggregation("extendedstats:n")).result(
            over: [2, 4, 4, 4, 5, 5, 7, 9].map { ["n": .integer($0)] })
        #expect(result["sum_of_squares"] == 232.0)
        #expect(result["variance"] == 4.0)
        #expect(result["std_deviation"] == 2.0)
        #expect(result["variance_sampling"]?.doubleValue.map { abs($0 - 32.0 / 7) < 1e-12 } == true)
        #expect(result["std_deviation_bounds"]?["upper"] == 9.0)
        #expect(result["std_deviation_bounds"]?["lower"] == 1.0)
        let dates = try #require(Aggregation("extendedstats:when")).result(over: Self.documents)
        #expect(dates["variance"] == 0.0)
        let empty = try #require(Aggregation("extendedstats:n")).result(over: [])
        #expect(empty["variance"] == .null)
        #expect(empty["std_deviation_bounds"]?["upper"] == .null)
    }

    @Test("terms keeps the ten greatest buckets and counts the rest")
    func top() throws {
        let documents = (0..<15).flatMap { number in
            Array(repeating: JSONObject([("k", JSONValue("k\(number)"))]), count: number == 14 ? 5 : 1)
        }
        let result = try #require(Aggregation("terms:k")).result(over: documents)
        let keys = result["buckets"]?.arrayValue?.compactMap { $0["key"]?.stringValue }
        #expect(keys == ["k14", "k0", "k1", "k10", "k11", "k12", "k13", "k2", "k3", "k4"])
        #expect(result["sum_other_doc_count"] == 5)
    }

    @Test("the request's spelling: pairs that fit no algorithm are ignored, repetitions too, slashes and colons stay")
    func parameters() {
        let parameters = QueryParameters(pairs: [
            ("aggregation", "terms:state, value_count:id,nosuch:x,terms,terms:,TERMS:x"),
            ("aggregation", "terms:state"),
            ("aggregation", "sum:acme:bytes"), ("aggregation", "extendedstats:a/b"),
        ])
        #expect(
            parameters.aggregations.map(\.key) == [
                "terms:state", "value_count:id", "sum:acme:bytes", "extended_stats:a/b",
            ])
    }
}
