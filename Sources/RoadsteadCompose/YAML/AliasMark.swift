/// Hides YAML aliases from the parser: `*name` becomes a plain scalar that begins with a private-use character.
///
/// Every `*` that a letter, digit, `-` or `_` follows is replaced, within texts and comments too, and put back in every
/// scalar that comes out; one character stands for one, so that columns stay true.
enum AliasMark {
    /// A private-use character that `text` does not hold.
    static func unused(in text: String) -> Unicode.Scalar {
        let first: Unicode.Scalar = "\u{E000}"
        guard text.utf8.contains(0xEE) else { return first }
        let used = Set(text.unicodeScalars.lazy.filter { (0xE000...0xEFFF).contains($0.value) })
        return (0xE000...0xEFFF).lazy.compactMap(Unicode.Scalar.init).first { !used.contains($0) } ?? first
    }

    static func hide(_ text: String, behind mark: Unicode.Scalar) -> String {
        guard text.utf8.contains(UInt8(ascii: "*")) else { return text }
        var hidden = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            if let star = previous { hidden.append(star == "*" && isNameScalar(scalar) ? mark : star) }
            previous = scalar
        }
        if let previous { hidden.append(previous) }
        return String(hidden)
    }

    static func restore(_ text: String, mark: Unicode.Scalar) -> String {
        guard text.unicodeScalars.contains(mark) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == mark ? "*" : $0 }))
    }

    private static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
        default: false
        }
    }
}
