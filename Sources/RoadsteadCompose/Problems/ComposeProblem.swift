/// One thing that is wrong with a Compose file, said so that it can be found and mended.
public struct ComposeProblem: Error, Hashable, Sendable {
    /// The file as it was named by whoever asked.
    public var file: String
    /// From 1; 0 when the problem is with the file as a whole.
    public var line: Int
    /// From 1, in Unicode scalars.
    public var column: Int
    /// The place in the file's tree, `services.web.ports[0]`; empty when there is none.
    public var path: String
    public var message: String
    /// What to do about it, where that is known.
    public var hint: String?

    public init(file: String, line: Int, column: Int, path: String, message: String, hint: String? = nil) {
        self.file = file
        self.line = line
        self.column = column
        self.path = path
        self.message = message
        self.hint = hint
    }
}

extension ComposeProblem: CustomStringConvertible {
    /// `file:line:column: path: message (hint)`
    public var description: String {
        var parts = [line > 0 ? "\(file):\(line):\(column)" : file]
        if !path.isEmpty { parts.append(path) }
        parts.append(hint.map { "\(message) (\($0))" } ?? message)
        return parts.joined(separator: ": ")
    }
}

/// Everything that was found wrong with a set of Compose files, in the order of the files and their lines.
public struct ComposeProblems: Error, Hashable, Sendable {
    /// Never empty.
    public var problems: [ComposeProblem]

    public init(problems: [ComposeProblem]) { self.problems = problems }
}

extension ComposeProblems: CustomStringConvertible {
    /// One problem a line.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
