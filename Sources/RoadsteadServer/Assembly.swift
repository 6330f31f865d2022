import Logging
import RoadsteadBasics
import RoadsteadControl
import RoadsteadJobs
import RoadsteadStore

/// Which work this server does, and how plans are made: the one list to extend.
enum Assembly {
    static func jobs(_ plane: ControlPlane) -> [any JobHandler] {
        [CredentialCheckJob(), CleanupJobsJob(), ValidateApplicationJob()] + DeploymentJobs.all(plane)
            + ClusterJobs.all(plane.clusters)
    }

    static let schedules: [JobSchedule] = [.credentialChecks, .expiredSessions, .jobCleaning, .certificateWatch]

    static func planner(_ context: ControlContext) -> any DeploymentPlanning {
        StackPlanning(store: context.store, clock: context.clock)
    }
}
