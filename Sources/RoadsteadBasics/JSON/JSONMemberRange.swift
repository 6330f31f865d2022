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
            while index < bytes.count {
                switch bytes[index] {
                case UInt8(ascii: "\\"): index += 2
                case UInt8(ascii: "\""):
                    index += 1
                    return start..<(index - 1)
                default: index += 1
                }
            }
            return nil
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
