import RoadsteadJobs

/// The jobs of deployments, for the server's list.
public enum DeploymentJobs {
    public static func all(_ plane: ControlPlane) -> [any JobHandler] {
        [
            DeployJob.start, DeployJob.update, DeployJob.rollback, DeployJob.scale, DeployJob.restart,
            StopDeploymentJob(), FetchDeploymentLogJob(), TrustCheckJob(),
        ] + BulkDeploymentJob.all(plane)
    }
}
