import RoadsteadBasics

/// The span of time that a date in a filter stands for: one moment, or a whole day where the time is left out.
///
/// Both ends belong to it. Comparison with a moment follows the search engine's rounding: `>=` and `<` look at the
/// start, `>` and `<=` at the end, `=` asks whether the moment lies within.
public struct DatePeriod: Sendable, Hashable {
    public var start: Instant
    public var end: Instant

    public init(start: Instant, end: Instant) {
        self.start = start
        self.end = end
    }

    public init(_ moment: Instant) { self.init(start: moment, end: moment) }

    /// Whether `moment` stands in `relation` to this period; false for relations that know no order.
    public func stands(_ relation: Filter.Operator, to moment: Instant) -> Bool {
        switch relation {
        case .equal: start <= moment && moment <= end
        case .notEqual: moment < start || end < moment
        case .less: moment < start
        case .lessOrEqual: moment <= end
        case .greater: moment > end
        case .greaterOrEqual: moment >= start
        case .prefix: false
        }
    }
}
