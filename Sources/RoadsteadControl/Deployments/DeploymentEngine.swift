import DockerClient
import Logging
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadStore

/// The way from a deployment's document to its Swarm.
struct DeploymentEngine {
    let store: DocumentStore
    let clock: any WallClock
    let logger: Logger

    struct Target: Sendable {
        let engine: StackEngine
        /// Of the infrastructure service, as it is written there.
        let endpoint: String
    }

    /// Runs `body` with the Swarm that the deployment's credential leads to. Throws `RoadsteadError`, and what
    /// interrupts a job.
    func withTarget<Value: Sendable>(
        of deployment: StoredDocument, _ body: (Target) async throws -> Value
    ) async throws -> Value {
        guard let id = deployment["parent"]?.stringValue.flatMap({ ResourceID($0) }) else {
            throw RoadsteadError(
                .invalidState,
                "\(deployment.id) has no target: set parent to the credential of an infrastructure service")
        }
        let access = EngineAccess(store: store, logger: logger)
        do {
            let credential = try await store.get(id)
            let endpoint = try await access.service(of: credential)["endpoint"]?.stringValue ?? ""
            return try await access.withEngine(credential: credential) { client in
                try await body(
                    Target(engine: StackEngine(engine: client, clock: clock, logger: logger), endpoint: endpoint))
            }
        } catch let error as EngineError {
            try Task.checkCancellation()
            throw RoadsteadError(error)
        }
    }

    func options(for deployment: StoredDocument) async throws -> StackOptions {
        StackOptions(
            prune: .everything, registryAuths: try await RegistryAccounts(store: store).auths(for: deployment))
    }
}

/// Plans for the deployment's `plan` action.
public struct StackPlanning: DeploymentPlanning {
    private let store: DocumentStore
    private let clock: any WallClock

    public init(store: DocumentStore, clock: any WallClock) {
        self.store = store
        self.clock = clock
    }

    public func plan(_ deployment: StoredDocument, logger: Logger) async throws -> JSONValue {
        let engine = DeploymentEngine(store: store, clock: clock, logger: logger)
        let desired = try DeploymentStack(deployment: deployment).desired(at: clock.now)
        let options = try await engine.options(for: deployment)
        return try await engine.withTarget(of: deployment) { target in
            try await target.engine.plan(desired, options: options).plan.json()
        }
    }
}
