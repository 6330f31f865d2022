import Metrics
import Synchronization

/// Keeps what is measured, for Prometheus to read.
///
/// Counters and meters are what they are; timers and aggregating recorders become histograms. The number of series is
/// bounded: what comes after the last place is counted as one series of its own and otherwise not kept.
public final class PrometheusRegistry: MetricsFactory {
    struct Key: Hashable, Comparable {
        let name: String
        /// As the text format has them: `a="b",c="d"`.
        let labels: String

        static func < (left: Key, right: Key) -> Bool { (left.name, left.labels) < (right.name, right.labels) }
    }

    enum Series {
        case counter(PrometheusCounter)
        case gauge(PrometheusGauge)
        case histogram(PrometheusHistogram)
    }

    private let series = Mutex<[Key: Series]>([:])
    private let limit: Int

    public init(limit: Int = 3000) { self.limit = limit }

    private func find(_ label: String, _ dimensions: [(String, String)], _ make: () -> Series) -> Series {
        let key = Key(name: PrometheusText.name(label), labels: PrometheusText.labels(dimensions))
        return series.withLock { series in
            if let known = series[key] { return known }
            let made = make()
            if series.count < limit { series[key] = made } else { Self.drop(&series) }
            return made
        }
    }

    private static func drop(_ series: inout [Key: Series]) {
        let place = Key(name: "roadstead_metrics_series_dropped_total", labels: "")
        let dropped = PrometheusCounter()
        if case .counter(let counter)? = series[place] { dropped.increment(by: counter.value) }
        dropped.increment(by: 1.0)
        series[place] = .counter(dropped)
    }

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, dimensions)
    }

    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler { counter(label, dimensions) }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler { aggregate ? histogram(label, dimensions) : gauge(label, dimensions) }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions)
    }

    // A name used for two kinds keeps the first one; the second user's values go nowhere.

    private func counter(_ label: String, _ dimensions: [(String, String)]) -> PrometheusCounter {
        if case .counter(let counter) = find(label, dimensions, { .counter(PrometheusCounter()) }) { return counter }
        return PrometheusCounter()
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> PrometheusGauge {
        if case .gauge(let gauge) = find(label, dimensions, { .gauge(PrometheusGauge()) }) { return gauge }
        return PrometheusGauge()
    }

    private func histogram(_ label: String, _ dimensions: [(String, String)]) -> PrometheusHistogram {
        let made = find(label, dimensions) { .histogram(PrometheusHistogram()) }
        if case .histogram(let histogram) = made { return histogram }
        return PrometheusHistogram()
    }

    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}

    /// All that is known now, in the text format 0.0.4.
    public var text: String { PrometheusText.text(series.withLock { $0 }) }
}
