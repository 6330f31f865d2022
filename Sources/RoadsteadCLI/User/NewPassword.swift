import ArgumentParser
import RoadsteadBasics

/// Where a new password comes from: standard input, the environment, or the terminal; never an argument.
struct NewPassword: ParsableArguments, Sendable {
    @Flag(help: "Read the new password from standard input (or set ROADSTEAD_NEW_PASSWORD).")
    var passwordStdin = false

    func read(for name: String) async throws -> Redacted<String> {
        let console = Console.standard
        if passwordStdin { return try await Prompt.secretFromInput("password") }
        if let value = console.environment["ROADSTEAD_NEW_PASSWORD"], !value.isEmpty { return Redacted(value) }
        guard console.isInputTerminal else {
            throw RoadsteadError(
                .invalidInput,
                "no new password is given: pipe it in with --password-stdin, or set ROADSTEAD_NEW_PASSWORD")
        }
        let first = try await Prompt.secret("New password of \(name)")
        guard try await Prompt.secret("The same once more") == first else {
            throw RoadsteadError(.invalidInput, "the two passwords differ; nothing was changed")
        }
        return first
    }
}
