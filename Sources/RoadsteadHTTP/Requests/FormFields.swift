/// Decodes `application/x-www-form-urlencoded`, of a query string or a body.
package enum FormFields {
    private static let maximumCount = 1000

    /// Throws an `HTTPFailure` (400) for more than a thousand fields.
    package static func parse(_ text: String) throws(HTTPFailure) -> [(name: String, value: String)] {
        let fields = Array(text.utf8).split(separator: UInt8(ascii: "&"), maxSplits: maximumCount)
        guard fields.count <= maximumCount else {
            throw HTTPFailure(
                status: 400, message: "the request has more than \(maximumCount) form fields; join values by commas")
        }
        return fields.map { field in
            let end = field.firstIndex(of: UInt8(ascii: "=")) ?? field.endIndex
            return (decode(field[..<end]), decode(field[end...].dropFirst()))
        }
    }

    package static func decode(_ text: String) -> String { decode(Array(text.utf8)[...]) }

    /// `+` is a blank; a `%` that is not followed by two hexadecimal digits stands for itself.
    private static func decode(_ text: ArraySlice<UInt8>) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "+") {
                bytes.append(UInt8(ascii: " "))
            } else if byte == UInt8(ascii: "%"), let value = hexadecimal(rest.prefix(2)) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt8? {
        guard digits.count == 2, let high = value(digits.first), let low = value(digits.last) else { return nil }
        return high << 4 | low
    }

    private static func value(_ digit: UInt8?) -> UInt8? {
        switch digit {
        case .some(let digit) where (48...57).contains(digit): digit - 48
        case .some(let digit) where (65...70).contains(digit): digit - 55
        case .some(let digit) where (97...102).contains(digit): digit - 87
        default: nil
        }
    }
}
