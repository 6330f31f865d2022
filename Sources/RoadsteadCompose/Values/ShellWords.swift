/// Splits a command line into words as docker does for `command` and `entrypoint`: blanks separate, single quotes keep
/// everything, double quotes and backslashes as in a shell (but a backslash within double quotes always escapes), `#` at
/// the beginning of a word begins a comment. Nothing is expanded.
enum ShellWords {
    enum Failure: Error, Hashable, Sendable {
        case openQuote
        case endsInEscape

        var message: String {
            switch self {
            case .openQuote: "a quote is not closed"
            case .endsInEscape: "a backslash ends the text"
            }
        }
    }

    private enum State { case between, word, escape, escapeInQuotes, doubleQuotes, singleQuotes, comment }

    static func split(_ text: String) throws(Failure) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        var state = State.between
        for scalar in text.unicodeScalars {
            switch (state, scalar) {
            case (.comment, "\n"): state = .between
            case (.comment, _): break
            case (.escape, _):
                word.append(scalar)
                state = .word
            case (.escapeInQuotes, _):
                word.append(scalar)
                state = .doubleQuotes
            case (.doubleQuotes, "\""), (.singleQuotes, "'"): state = .word
            case (.doubleQuotes, "\\"): state = .escapeInQuotes
            case (.doubleQuotes, _), (.singleQuotes, _): word.append(scalar)
            case (.between, "#"): state = .comment
            case (_, "\""): state = .doubleQuotes
            case (_, "'"): state = .singleQuotes
            case (_, "\\"): state = .escape
            case (_, " "), (_, "\t"), (_, "\r"), (_, "\n"):
                if state == .word { words.append(String(word)) }
                word = .init()
                state = .between
            default:
                word.append(scalar)
                state = .word
            }
        }
        switch state {
        case .between, .comment: return words
        case .word: return words + [String(word)]
        case .escape, .escapeInQuotes: throw .endsInEscape
        case .doubleQuotes, .singleQuotes: throw .openQuote
        }
    }
}
