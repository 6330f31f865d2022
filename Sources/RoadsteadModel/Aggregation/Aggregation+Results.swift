import RoadsteadBasics

/// The shapes of the results, from figures that either back end has found.
extension Aggregation {
    /// `terms`: buckets in their order, and how many documents the buckets beyond them would hold.
    public static func terms(_ buckets: [(value: AggregateValue, count: Int)], others: Int) -> JSONObject {
        [
            "doc_count_error_upper_bound": 0, "sum_other_doc_count": JSONValue(others),
            "buckets": .array(buckets.map { $0.value.bucket(count: $0.count) }),
        ]
    }

    /// The ranks (from 0) of the two values that a percentile of `count` sorted values lies between, and how far it is
    /// from the lower to the upper one: linear interpolation between closest ranks.
    public static func ranks(of percent: Double, count: Int) -> (lower: Int, upper: Int, share: Double) {
        let position = percent / 100 * Double(max(count - 1, 0))
        let lower = Int(position.rounded(.down))
        return (lower, min(lower + 1, max(count - 1, 0)), position - Double(lower))
    }

    /// `percentiles` of `count` values, of which `value` gives the one with a rank.
    public static func percentiles(count: Int, value: (Int) -> Double?) -> JSONObject {
        let members = percents.map { percent -> (String, JSONValue) in
            let ranks = ranks(of: percent, count: count)
            guard count > 0, let lower = value(ranks.lower), let upper = value(ranks.upper) else {
                return ("\(percent)", .null)
            }
            return ("\(percent)", .number(lower + (upper - lower) * ranks.share))
        }
        return ["values": .object(JSONObject(members))]
    }
}

/// The evaluation in memory, which the store's SQL is tested against.
extension Aggregation {
    public func result(over documents: [JSONObject]) -> JSONObject {
        let values = documents.map { document in path.values(in: document).compactMap(AggregateValue.init) }
        let all = values.flatMap { $0 }
        switch algorithm {
        case .min, .max, .sum, .avg: return AggregateFigures(all).single(algorithm)
        case .stats: return AggregateFigures(all).stats
        case .extendedstats: return AggregateFigures(all).extendedStats
        case .valueCount: return ["value": JSONValue(all.count)]
        case .cardinality: return ["value": JSONValue(Set(all).count)]
        case .missing:
            let missing = Filter.equal(path, nil)
            return ["doc_count": JSONValue(documents.count { missing.matches($0) })]
        case .percentiles:
            let sorted = all.compactMap(\.figure).sorted()
            return Self.percentiles(count: sorted.count) { sorted[$0] }
        case .terms: return Self.terms(values)
        }
    }

    /// Each document counts once in a bucket, however often it holds the value.
    private static func terms(_ values: [[AggregateValue]]) -> JSONObject {
        var counts: [AggregateValue: Int] = [:]
        for value in values.flatMap(Set.init) { counts[value, default: 0] += 1 }
        let sorted = counts.sorted { $0.value == $1.value ? $0.key.precedes($1.key) : $0.value > $1.value }
        let top = sorted.prefix(bucketCount).map { (value: $0.key, count: $0.value) }
        return terms(top, others: sorted.dropFirst(bucketCount).reduce(0) { $0 + $1.value })
    }
}
