import ArgumentParser

/// `roadstead credential`
struct CredentialCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "credential",
        abstract: "What lets Roadstead into services, and programs into Roadstead.",
        subcommands: [CredentialAdd.self, CredentialList.self, CredentialRemove.self])
}
