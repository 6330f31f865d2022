import RoadsteadJobs

/// The jobs of deployments, for the server's list.
public enum DeploymentJobs {
    public static let all: [any JobHandler] = [
        DeployJob.start, DeployJob.update, StopDeploymentJob(), FetchDeploymentLogJob(),
    ]
}
