/// Durations as Go writes them, `1h30m`, `1.5s`, `500ms`, `300µs`, `0`: what Compose and docker take.
enum GoDuration {
    private static let units: [(name: String, nanoseconds: UInt64)] = [
        ("ns", 1), ("us", 1000), ("\u{B5}s", 1000), ("\u{3BC}s", 1000), ("ms", 1_000_000), ("s", 1_000_000_000),
        ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ]

    /// nil when `text` is no duration or does not fit 64 bits.
    static func nanoseconds(_ text: String) -> Int64? {
        var rest = Substring(text).utf8
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        if rest.elementsEqual("0".utf8) { return 0 }
        guard !rest.isEmpty else { return nil }
        var total: UInt64 = 0
        while !rest.isEmpty {
            guard let part = takePart(&rest) else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(part)
            guard !overflow, sum <= UInt64(Int64.max) else { return nil }
            total = sum
        }
        return isNegative ? -Int64(total) : Int64(total)
    }

    /// One number with its unit: `1.5h`.
    private static func takePart(_ rest: inout Substring.UTF8View) -> UInt64? {
        let whole = takeDigits(&rest)
        var fraction: Substring.UTF8View = Substring().utf8
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = takeDigits(&rest)
        }
        guard !(whole.isEmpty && fraction.isEmpty), let unit = takeUnit(&rest),
            let count = whole.isEmpty ? 0 : UInt64(Substring(whole))
        else { return nil }
        let (value, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        let part = Double("0." + String(Substring(fraction.prefix(18)))).map { $0 * Double(unit) } ?? 0
        let (sum, sumOverflow) = value.addingReportingOverflow(UInt64(part.rounded(.down)))
        return sumOverflow ? nil : sum
    }

    private static func takeDigits(_ rest: inout Substring.UTF8View) -> Substring.UTF8View {
        let digits = rest.prefix { (48...57).contains($0) }
        rest = rest.dropFirst(digits.count)
        return digits
    }

    private static func takeUnit(_ rest: inout Substring.UTF8View) -> UInt64? {
        let name = rest.prefix { !(48...57).contains($0) && $0 != UInt8(ascii: ".") }
        guard let unit = units.first(where: { name.elementsEqual($0.name.utf8) }) else { return nil }
        rest = rest.dropFirst(name.count)
        return unit.nanoseconds
    }
}
