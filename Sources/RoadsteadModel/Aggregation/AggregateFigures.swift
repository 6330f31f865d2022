import RoadsteadBasics

/// Count, extremes and sums of the numbers of an attribute: all that the simple aggregations are made of.
public struct AggregateFigures: Sendable {
    public var count = 0
    public var minimum = Double.infinity
    public var maximum = -Double.infinity
    public var sum = 0.0
    public var sumOfSquares = 0.0
    /// The same sums of what the numbers are more than `minimum`: variances come from these, as those of timestamps would
    /// drown in rounding otherwise.
    public var excess = 0.0
    public var excessOfSquares = 0.0
    /// Every number was a timestamp, so extremes are shown as such too.
    public var areDates = false

    public init() {}

    init(_ values: [AggregateValue]) {
        let figures = values.compactMap(\.figure)
        count = figures.count
        minimum = figures.min() ?? minimum
        maximum = figures.max() ?? maximum
        sum = figures.reduce(0, +)
        sumOfSquares = figures.reduce(0) { $0 + $1 * $1 }
        let minimum = minimum
        excess = figures.reduce(0) { $0 + ($1 - minimum) }
        excessOfSquares = figures.reduce(0) { $0 + ($1 - minimum) * ($1 - minimum) }
        areDates = count > 0 && values.allSatisfy { $0.isDate || $0.figure == nil }
    }

    private var isEmpty: Bool { count == 0 }
    private var average: Double { sum / Double(count) }

    private func figure(_ value: @autoclosure () -> Double) -> JSONValue { isEmpty ? .null : .number(value()) }

    /// The result of `min`, `max`, `sum` or `avg`.
    public func single(_ algorithm: Aggregation.Algorithm) -> JSONObject {
        switch algorithm {
        case .min: dated(["value": figure(minimum)], minimum)
        case .max: dated(["value": figure(maximum)], maximum)
        case .avg: dated(["value": figure(average)], average)
        default: ["value": .number(sum)]
        }
    }

    private func dated(_ object: JSONObject, _ value: Double) -> JSONObject {
        guard areDates else { return object }
        let instant = Instant(millisecondsSinceEpoch: Int64(value.rounded(.towardZero)))
        return object.merging(["value_as_string": .string(instant.description)])
    }

    public var stats: JSONObject {
        [
            "count": JSONValue(count), "min": figure(minimum), "max": figure(maximum), "avg": figure(average),
            "sum": .number(sum),
        ]
    }

    /// `stats` and the variances, with bounds two standard deviations around the average.
    public var extendedStats: JSONObject {
        let population = max(0, (excessOfSquares - excess * excess / Double(count)) / Double(count))
        let sampling = count > 1 ? population * Double(count) / Double(count - 1) : Double.nan
        return stats.merging([
            "sum_of_squares": figure(sumOfSquares), "variance": figure(population),
            "variance_population": figure(population), "variance_sampling": finite(sampling),
            "std_deviation": figure(population.squareRoot()),
            "std_deviation_population": figure(population.squareRoot()),
            "std_deviation_sampling": finite(sampling.squareRoot()),
            "std_deviation_bounds": bounds(population.squareRoot(), sampling.squareRoot()),
        ])
    }

    private func finite(_ value: Double) -> JSONValue { isEmpty || !value.isFinite ? .null : .number(value) }

    private func bounds(_ population: Double, _ sampling: Double) -> JSONValue {
        [
            "upper": finite(average + 2 * population), "lower": finite(average - 2 * population),
            "upper_population": finite(average + 2 * population), "lower_population": finite(average - 2 * population),
            "upper_sampling": finite(average + 2 * sampling), "lower_sampling": finite(average - 2 * sampling),
        ]
    }
}
