import Logging
import RoadsteadBasics
import RoadsteadStore

/// Says what deploying a deployment's application now would change, without changing anything.
///
/// A seam: what answers it talks to an engine, what asks it does not know engines.
public protocol DeploymentPlanning: Sendable {
    /// The plan as JSON, with its `plan-id`. `deployment` need not be as it is stored, or stored at all.
    func plan(
        _ deployment: StoredDocument, choices: DeploymentChoices, logger: Logger
    ) async throws -> JSONValue
}
