import Logging
import RoadsteadBasics
import RoadsteadControl
import RoadsteadJobs
import RoadsteadStore

/// Which work this server does, and how plans are made: the one list to extend.
enum Assembly {
    static func jobs(_ context: ControlContext) -> [any JobHandler] {
        [CredentialCheckJob()]
    }

    static let schedules: [JobSchedule] = [.credentialChecks]

    static func planner(_ context: ControlContext) -> any DeploymentPlanning { NoPlanner() }
}

struct NoPlanner: DeploymentPlanning {
    func plan(_ deployment: StoredDocument, logger: Logger) async throws -> JSONValue {
        throw RoadsteadError(.unsupported, "plans are not part of this server yet")
    }
}
