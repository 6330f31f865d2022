import ArgumentParser

/// `roadstead infra`
struct InfraCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "infra", abstract: "Register Swarms and registries, check them, remove them.",
        subcommands: [InfraAdd.self, InfraList.self, InfraCheck.self, InfraRemove.self])
}
