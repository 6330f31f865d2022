import ArgumentParser

/// `roadstead deployment`
struct DeploymentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deployment", abstract: "What is deployed: list, look, read logs, stop, remove.",
        subcommands: [
            DeploymentList.self, DeploymentShow.self, DeploymentPlan.self, DeploymentLogs.self, DeploymentStop.self,
            DeploymentRemove.self,
        ])
}
