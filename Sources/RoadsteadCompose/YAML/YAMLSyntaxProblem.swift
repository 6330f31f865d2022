import Yams

/// Turns what the YAML parser throws into a problem with a place.
enum YAMLSyntaxProblem {
    static func problem(_ error: any Error, file: String, text: String) -> ComposeProblem {
        guard let error = error as? YamlError else { return make("cannot be read as YAML", (0, 0), file: file) }
        switch error {
        case .scanner(_, let problem, let mark, _):
            return make(problem, (mark.line, mark.column), file: file, hint: tabHint(at: mark, in: text))
        case .parser(let context, let problem, let mark, _), .composer(let context, let problem, let mark, _):
            let message = context.map { "\($0.text): \(problem)" } ?? problem
            return make(message, (mark.line, mark.column), file: file)
        case .reader(let problem, let offset, _, _):
            return make(problem, place(ofCharacter: offset, in: text), file: file)
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { "\"\($0)\"" }.joined(separator: ", ")
            return make("mapping key \(names) comes twice", (context.mark.line, context.mark.column), file: file)
        default: return make("cannot be read as YAML", (0, 0), file: file)
        }
    }

    private static func make(
        _ message: String, _ place: (line: Int, column: Int), file: String, hint: String? = nil
    ) -> ComposeProblem {
        ComposeProblem(
            file: file, line: place.line, column: place.column, path: "", message: "yaml: " + message, hint: hint)
    }

    private static func tabHint(at mark: Mark, in text: String) -> String? {
        let lines = text.split(separator: "\n", maxSplits: mark.line, omittingEmptySubsequences: false)
        guard mark.line >= 1, mark.line <= lines.count else { return nil }
        let blanks = lines[mark.line - 1].prefix { $0 == " " || $0 == "\t" }
        return blanks.contains("\t") ? "indent with spaces, YAML allows no tabs" : nil
    }

    private static func place(ofCharacter offset: Int?, in text: String) -> (Int, Int) {
        guard let offset else { return (0, 0) }
        let before = text.prefix(offset)
        let lastLine = before.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
        return (before.count(where: \.isNewline) + 1, lastLine.count + 1)
    }
}
