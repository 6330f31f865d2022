#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Finds a member in the text of an object without reading the rest of it.
public enum JSONMemberRange {
    /// Where the value of the member `key` stands in a text that `JSONValue.serialized(.compact)` wrote; nil when there is
    /// none, or when the text is not of that form. The key must need no escape.
    ///
    /// What it answers for any other text is of no meaning, but it never reads beyond the end.
    public static func find(_ key: String, in text: [UInt8]) -> Range<Int>? {
        let key = Array(key.utf8)
        return text.withUnsafeBufferPointer { bytes in
            guard bytes.first == UInt8(ascii: "{") else { return nil }
            var scanner = Scanner(bytes: bytes, index: 1)
            while let name = scanner.string(), scanner.take(UInt8(ascii: ":")) {
                guard let value = scanner.value() else { return nil }
                if bytes[name].elementsEqual(key) { return value }
                guard scanner.take(UInt8(ascii: ",")) else { return nil }
            }
            return nil
        }
    }

    private struct Scanner {
        let bytes: UnsafeBufferPointer<UInt8>
        var index: Int

        mutating func take(_ byte: UInt8) -> Bool {
            guard index < bytes.count, bytes[index] == byte else { return false }
            index += 1
            return true
        }

        /// The range between the quotes.
        mutating func string() -> Range<Int>? {
            guard take(UInt8(ascii: "\"")) else { return nil }
            let start = index
            // Most of a text is strings: the C library looks at many bytes at once.
            while index < bytes.count, let base = bytes.baseAddress,
                let found = memchr(base + index, Int32(UInt8(ascii: "\"")), bytes.count - index)
            {
                let quote = UnsafeRawPointer(found) - UnsafeRawPointer(base)
                index = quote + 1
                if !isEscaped(quote, from: start) { return start..<quote }
            }
            return nil
        }

        /// Whether an odd number of backslashes stands before the byte, none of them before `start`.
        private func isEscaped(_ place: Int, from start: Int) -> Bool {
            var count = 0
            while place - count > start, bytes[place - count - 1] == UInt8(ascii: "\\") { count += 1 }
            return !count.isMultiple(of: 2)
        }

        mutating func value() -> Range<Int>? {
            let start = index
            var depth = 0
            while index < bytes.count {
                switch bytes[index] {
                case UInt8(ascii: "\""): guard string() != nil else { return nil }
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    depth += 1
                    index += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    if depth == 0 { return start..<index }
                    depth -= 1
                    index += 1
                case UInt8(ascii: ",") where depth == 0: return start..<index
                default: index += 1
                }
            }
            return nil
        }
    }
}
