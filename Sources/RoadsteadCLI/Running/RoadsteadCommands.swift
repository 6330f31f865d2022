import ArgumentParser

/// The commands of the executable, except those that only the server has.
public enum RoadsteadCommands {
    public static let all: [any ParsableCommand.Type] = [
        Login.self, Logout.self, Status.self, Switch.self, UserCommand.self, GroupCommand.self, KeyCommand.self,
        Share.self,
        Unshare.self, ClusterCommand.self, MachineCommand.self, InfraCommand.self, CredentialCommand.self,
        AppCommand.self, Deploy.self, Plan.self, Diff.self,
        TaskList.self, Logs.self, Exec.self, Top.self, History.self, Rollback.self, Scale.self, Restart.self,
        Adopt.self,
        DeploymentCommand.self, JobCommand.self, StackCommand.self,
        EventsCommand.self, APICommand.self, ContextCommand.self,
    ]
}
