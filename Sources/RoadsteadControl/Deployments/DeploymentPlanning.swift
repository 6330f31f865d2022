import Logging
import RoadsteadBasics
import RoadsteadStore

/// Says what deploying a deployment's application now would change, without changing anything.
///
/// A seam: what answers it talks to an engine, what asks it does not know engines.
public protocol DeploymentPlanning: Sendable {
    /// The plan as JSON. `deployment` need not be as it is stored.
    func plan(_ deployment: StoredDocument, logger: Logger) async throws -> JSONValue
}
