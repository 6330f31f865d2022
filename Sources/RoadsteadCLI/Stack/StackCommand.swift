import ArgumentParser

/// `roadstead stack`
struct StackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stack", abstract: "Stacks straight at the engine of DOCKER_HOST, without a server.",
        discussion: """
            Takes what `docker stack` takes. The engine is that of DOCKER_HOST, DOCKER_TLS_VERIFY and DOCKER_CERT_PATH \
            (or --host), otherwise the socket of this machine.
            """,
        subcommands: [
            StackDeploy.self, StackPlanCommand.self, StackList.self, StackServices.self, StackTasks.self,
            StackLogs.self, StackScale.self, StackRestart.self, StackRollback.self, StackAdopt.self, StackRemove.self,
        ])
}
