import RoadsteadBasics

/// A figure that is asked of all documents that match, such as `terms:state`.
public struct Aggregation: Sendable, Hashable {
    /// The words of the request.
    public enum Algorithm: String, Sendable, Hashable, CaseIterable {
        case min, max, sum, avg
        case valueCount = "value_count"
        case cardinality, stats, extendedstats, percentiles, missing, terms
    }

    /// More at once are refused: each of them reads every match.
    public static let maximumCount = 20
    /// Buckets of `terms` in the answer.
    public static let bucketCount = 10
    /// The shares of `percentiles`, in the answer's order.
    public static let percents: [Double] = [1, 5, 25, 50, 75, 95, 99]

    public let algorithm: Algorithm
    /// As it was written in the request.
    public let attribute: String

    public init(_ algorithm: Algorithm, _ attribute: String) {
        self.algorithm = algorithm
        self.attribute = attribute
    }

    /// Reads `algorithm:attribute`; nil for an unknown algorithm or a missing attribute, which the dialect ignores.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let algorithm = Algorithm(rawValue: String(parts[0])),
            !parts[1].allSatisfy(\.isWhitespace)
        else { return nil }
        self.init(algorithm, String(parts[1]))
    }

    public var path: FilterPath { FilterPath(attribute) }

    /// The name of the result. The search engine writes one algorithm with an underscore that the request does not have.
    public var key: String {
        (algorithm == .extendedstats ? "extended_stats" : algorithm.rawValue) + ":" + attribute
    }
}
