import RoadsteadBasics

/// Where a command finds a secret: standard input when a flag says so, a variable, or the person at the terminal.
/// Never an argument, which every user of the machine could read.
public struct SecretSource: Sendable {
    private let what: String
    private let variable: String
    private let flag: String
    private let question: String

    /// `what` it is, for messages; `flag` is the option that reads standard input.
    public init(what: String, variable: String, flag: String, question: String) {
        self.what = what
        self.variable = variable
        self.flag = flag
        self.question = question
    }

    /// Throws `invalidInput` when there is none and nobody to ask.
    public func read(fromInput: Bool) async throws -> Redacted<String> {
        if fromInput { return try await Prompt.secretFromInput(what) }
        let console = Console.standard
        if let value = console.environment[variable], !value.isEmpty { return Redacted(value) }
        guard console.isInputTerminal else {
            throw RoadsteadError(.invalidInput, "no \(what) is given: pipe it in with \(flag), or set \(variable)")
        }
        return try await Prompt.secret(question)
    }
}
