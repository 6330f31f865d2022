import RoadsteadBasics

/// How errors are put to people: `roadstead: what went wrong`, then what lies behind it.
enum ErrorText {
    static func lines(_ error: RoadsteadError) -> [String] {
        var lines = error.message.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
        if lines.isEmpty { lines = [error.code.rawValue] }
        lines[0] = "roadstead: " + lines[0]
        if let advice = advice(error) { lines.append("  " + advice) }
        return lines
    }

    /// What to do, where the code alone says it.
    private static func advice(_ error: RoadsteadError) -> String? {
        switch error.code {
        case .unauthenticated where !error.message.contains("roadstead login"):
            "Log in by: roadstead login URL"
        case .internal:
            error.cause.map { "cause: \($0.prefix(500))" }
        default: nil
        }
    }

    static func firstLine(_ error: any Error) -> String { String(describing: error) }

    /// The argument parser's "Error: …" in our own words, its usage lines as they are.
    static func relabelled(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if let first = lines.first, first.hasPrefix("Error: ") { lines[0] = "roadstead: " + first.dropFirst(7) }
        return lines
    }
}
