import ArgumentParser

/// `roadstead infra`
struct InfraCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "infra", abstract: "Register Swarms, registries and S3 stores; check and remove them.",
        subcommands: [
            InfraAdd.self, InfraList.self, InfraCheck.self, InfraStacks.self,
            InfraRemove.self,
        ])
}
