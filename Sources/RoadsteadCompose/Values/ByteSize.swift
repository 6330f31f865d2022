/// Amounts of memory as docker reads them: `64m`, `1.5GiB`, `64 MB`, `5000000`; units are powers of 1024 in any case.
enum ByteSize {
    /// nil when `text` is no amount, is negative, or does not fit 64 bits.
    static func bytes(_ text: String) -> Int64? {
        guard let last = text.lastIndex(where: { $0.isASCII && ($0.isNumber || $0 == "." || $0 == " ") }) else {
            return nil
        }
        let number = text[last] == " " ? text[..<last] : text[...last]
        let suffix = text[text.index(after: last)...].lowercased()
        guard isNumber(number), let amount = Double(number), amount >= 0, let factor = factor(suffix) else {
            return nil
        }
        let bytes = (amount * factor).rounded(.towardZero)
        return bytes < 9.2e18 ? Int64(bytes) : nil
    }

    private static func isNumber(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) || ".eE+-".utf8.contains($0) }
    }

    private static func factor(_ suffix: String) -> Double? {
        if suffix.isEmpty || suffix == "b" { return 1 }
        guard let unit = suffix.first, let power = Array("kmgtp").firstIndex(of: unit),
            ["", "b", "ib"].contains(String(suffix.dropFirst()))
        else { return nil }
        return (0...power).reduce(1.0) { product, _ in product * 1024 }
    }
}
