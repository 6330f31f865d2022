/// The text format of Prometheus, version 0.0.4.
enum PrometheusText {
    static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// Only letters, digits, `_` and `:`; anything else becomes `_`.
    static func name(_ label: String) -> String {
        let bytes = label.utf8.map { byte in
            let isLegal = (48...58).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            return isLegal ? byte : UInt8(ascii: "_")
        }
        let startsWithDigit = bytes.first.map { (48...57).contains($0) } ?? true
        return (startsWithDigit ? "_" : "") + String(decoding: bytes, as: UTF8.self)
    }

    static func labels(_ dimensions: [(String, String)]) -> String {
        dimensions.sorted { $0.0 < $1.0 }.map { "\(name($0.0))=\"\(escaped($0.1))\"" }.joined(separator: ",")
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    static func text(_ series: [PrometheusRegistry.Key: PrometheusRegistry.Series]) -> String {
        var text = ""
        var last = ""
        for (key, series) in series.sorted(by: { $0.key < $1.key }) {
            if key.name != last { text += "# TYPE \(key.name) \(kind(series))\n" }
            last = key.name
            text += lines(key, series)
        }
        return text
    }

    private static func kind(_ series: PrometheusRegistry.Series) -> String {
        switch series {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }

    private static func lines(_ key: PrometheusRegistry.Key, _ series: PrometheusRegistry.Series) -> String {
        switch series {
        case .counter(let counter): line(key.name, key.labels, counter.value)
        case .gauge(let gauge): line(key.name, key.labels, gauge.value)
        case .histogram(let histogram): lines(key, histogram.value)
        }
    }

    private static func lines(_ key: PrometheusRegistry.Key, _ histogram: PrometheusHistogram.State) -> String {
        var text = ""
        var below: UInt64 = 0
        let separator = key.labels.isEmpty ? "" : ","
        for (bound, count) in zip(PrometheusHistogram.bounds, histogram.counts) {
            below += count
            text += line(key.name + "_bucket", "\(key.labels)\(separator)le=\"\(number(bound))\"", Double(below))
        }
        text += line(key.name + "_bucket", "\(key.labels)\(separator)le=\"+Inf\"", Double(histogram.count))
        text += line(key.name + "_sum", key.labels, histogram.sum)
        return text + line(key.name + "_count", key.labels, Double(histogram.count))
    }

    private static func line(_ name: String, _ labels: String, _ value: Double) -> String {
        "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(number(value))\n"
    }

    private static func number(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? value.description
    }
}
