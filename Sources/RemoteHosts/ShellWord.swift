/// Words of a POSIX shell command, quoted so that the shell reads back exactly what was given (POSIX.1-2017, XCU 2.2.2).
public enum ShellWord {
    private static let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:,@%+=".utf8)

    /// One word. Plain text stays as it is, everything else is put in single quotes.
    public static func quoted(_ text: String) -> String {
        if !text.isEmpty, text.utf8.allSatisfy(plain.contains), !text.contains("=") { return text }
        return "'" + text.replacing("'", with: #"'\''"#) + "'"
    }

    /// A command line out of words.
    public static func line(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }
}
