import ArgumentParser
import RoadsteadBasics

/// Whether something that costs, or takes away, is done: a person says so at the terminal, or --yes does.
struct Approval: Sendable {
    let console: Console
    /// `--yes`.
    let isGiven: Bool

    /// Ends the command when the answer is no. Throws invalidInput when nobody is there to ask.
    func get(_ question: String) async throws {
        guard !isGiven else { return }
        try requireTerminal()
        guard try await !Prompt.confirms(question) else { return }
        try refuse()
    }

    /// For what cannot be undone: the name of the thing is to be typed.
    func get(byTyping name: String, _ question: String) async throws {
        guard !isGiven else { return }
        try requireTerminal()
        let typed = try? await Prompt.text(question + " Type \(name) to go on")
        guard typed != name else { return }
        try refuse()
    }

    private func requireTerminal() throws(RoadsteadError) {
        guard console.isInputTerminal else {
            throw RoadsteadError(
                .invalidInput, "nobody is at a terminal to say yes; add --yes to go on without being asked")
        }
    }

    private func refuse() throws {
        console.error("roadstead: nothing was changed")
        throw ExitCode(CommandStatus.refused.rawValue)
    }
}
