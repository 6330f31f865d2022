/// Finds `? key` lines before a file is parsed: the parser hashes such keys whole, each within the next, which grows with the square
/// of their number (`HostileFileTests`). Compose files have none that are good for anything.
enum ComplexKeys {
    /// How many there may be; those there are get their own message later.
    static let limit = 64

    /// Question marks where a key may begin: at the start of a line or behind a mark, with a blank behind them.
    static func count(in text: String) -> Int {
        var count = 0
        var previous = UInt8(ascii: "\n")
        var isQuestion = false
        for byte in text.utf8 {
            let isBlank = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
            let isBreak = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
            if isQuestion, isBlank || isBreak { count += 1 }
            isQuestion = byte == UInt8(ascii: "?") && marks.contains(previous)
            if !isBlank { previous = isBreak ? UInt8(ascii: "\n") : byte }
        }
        return count
    }

    private static let marks = Set("\n[{,-?:".utf8)
}
