/// A number of processors, `0.5`, `.25`, `2`, `1e-1` or `1/4`, in billionths.
enum CPUAmount {
    enum Failure: Error, Hashable, Sendable {
        case notANumber
        /// Finer than a billionth of a processor.
        case tooPrecise
    }

    static func nanos(_ text: String) throws(Failure) -> Int64 {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return try decimal(text) }
        guard let numerator = Int64(parts[0]), let denominator = Int64(parts[1]), denominator > 0 else {
            throw .notANumber
        }
        let (nanos, overflow) = numerator.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { throw .notANumber }
        guard nanos % denominator == 0 else { throw .tooPrecise }
        return nanos / denominator
    }

    private static func decimal(_ text: String) throws(Failure) -> Int64 {
        let parts = text.lowercased().split(separator: "e", omittingEmptySubsequences: false)
        guard parts.count <= 2, let exponent = parts.count == 2 ? Int(parts[1]) : 0, abs(exponent) < 30 else {
            throw .notANumber
        }
        let isNegative = parts[0].hasPrefix("-")
        let mantissa = (isNegative || parts[0].hasPrefix("+") ? parts[0].dropFirst() : parts[0])
            .split(separator: ".", omittingEmptySubsequences: false)
        guard mantissa.count <= 2, mantissa.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
            mantissa.contains(where: { !$0.isEmpty })
        else { throw .notANumber }
        let fraction = mantissa.count == 2 ? mantissa[1] : ""
        let value = try scale(String(mantissa[0] + fraction), by: 9 + exponent - fraction.count)
        return isNegative ? -value : value
    }

    /// Digits times a power of ten, which must be whole.
    private static func scale(_ digits: String, by power: Int) throws(Failure) -> Int64 {
        var digits = digits
        if power >= 0 {
            digits += String(repeating: "0", count: power)
        } else {
            guard digits.suffix(-power).allSatisfy({ $0 == "0" }) else { throw .tooPrecise }
            digits = String(digits.dropLast(-power))
        }
        let significant = digits.drop { $0 == "0" }
        if significant.isEmpty { return 0 }
        guard let value = Int64(significant) else { throw .notANumber }
        return value
    }
}
