/// Texts of others made fit for a terminal.
enum TerminalText {
    /// `text` without control characters: what a container logs must not be able to rewrite the screen.
    static func safe(_ text: String, keepingLines: Bool) -> String {
        var safe = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A where keepingLines: safe.append(scalar)
            case 0x09, 0x0A, 0x0D: safe.append(" ")
            case 0..<0x20, 0x7F..<0xA0: safe.append("\u{FFFD}")
            default: safe.append(scalar)
            }
        }
        return String(safe)
    }

    /// `text` cut to `width` characters, the last of them `…` when something is missing.
    static func cut(_ text: String, to width: Int) -> String {
        text.count <= width ? text : text.prefix(max(0, width - 1)) + "…"
    }
}
