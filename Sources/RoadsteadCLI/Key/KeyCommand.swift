import ArgumentParser

/// `roadstead key`
struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "API keys, with which programs log in.",
        subcommands: [KeyCreate.self, KeyList.self, KeyRemove.self])
}
