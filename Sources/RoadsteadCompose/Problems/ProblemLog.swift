/// Collects problems while files are read, so that people see all of them at once.
///
/// A class, because every stage of one synchronous reading writes into the same log; it never leaves that reading.
final class ProblemLog {
    private var problems: [ComposeProblem] = []
    private(set) var warnings: [String] = []
    private var knownWarnings: Set<String> = []
    /// Files in the order in which they were read.
    private var fileOrder: [String: Int] = [:]

    /// Enough to work on; more would bury the first ones.
    static let limit = 200

    var isFull: Bool { problems.count >= Self.limit }

    func add(_ message: String, at origin: Origin, hint: String? = nil) {
        add(message, at: origin.position, path: origin.path, hint: hint)
    }

    func add(_ message: String, at position: SourcePosition, path: NodePath, hint: String? = nil) {
        add(
            ComposeProblem(
                file: position.file, line: position.line, column: position.column, path: path.description,
                message: message, hint: hint))
    }

    func add(_ problem: ComposeProblem) {
        guard !isFull, !problems.contains(problem) else { return }
        problems.append(problem)
    }

    func warn(_ text: String) {
        guard warnings.count < Self.limit, knownWarnings.insert(text).inserted else { return }
        warnings.append(text)
    }

    func note(file: String) { fileOrder[file] = fileOrder[file] ?? fileOrder.count }

    /// Throws everything found so far, sorted by file (in the order of reading), line and column.
    func throwIfAny() throws(ComposeProblems) {
        guard !problems.isEmpty else { return }
        func key(_ problem: ComposeProblem) -> (Int, Int, Int) {
            (fileOrder[problem.file] ?? .max, problem.line, problem.column)
        }
        throw ComposeProblems(problems: problems.sorted { key($0) < key($1) })
    }
}
