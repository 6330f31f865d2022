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
        let client: EngineClient
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
                    Target(
                        engine: StackEngine(engine: client, clock: clock, logger: logger), client: client,
                        endpoint: endpoint))
            }
        } catch let error as EngineError {
            try Task.checkCancellation()
            throw RoadsteadError(error)
        }
    }

    /// The stack that the document asks for, with its API key and its secret files.
    func stack(of deployment: StoredDocument) throws -> DeploymentStack {
        let content = deployment["module"]?["content"]?.objectValue ?? [:]
        return DeploymentStack(
            deployment: deployment, apiSecret: try store.opened(DeploymentKey.attribute, of: deployment),
            secretFiles: try SecretFiles(of: content, sealer: store.sealer))
    }

    /// What was applied last, to tell what somebody else has changed since; nil for a deployment of an older server.
    func lastRevision(of deployment: StoredDocument) async throws -> RevisionContent? {
        guard let number = deployment["revision"]?.integerValue else { return nil }
        let revisions = try await store.query(DeploymentHistory.query(deployment.id)).documents
        guard let last = revisions.first(where: { DeploymentHistory.number(of: $0) == number }) else { return nil }
        return try RevisionContent(of: last, sealer: store.sealer)
    }

    func options(for deployment: StoredDocument) async throws -> StackOptions {
        let logins = try await RegistryAccounts(store: store).logins(for: deployment)
        var options = StackOptions(prune: .everything, registryAuths: logins.auths)
        options.unchosenAuths = logins.unchosen
        return options
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

    public func plan(
        _ deployment: StoredDocument, choices: DeploymentChoices, logger: Logger
    ) async throws -> JSONValue {
        let engine = DeploymentEngine(store: store, clock: clock, logger: logger)
        let desired = try engine.stack(of: deployment).desired(at: clock.now, builds: choices.builds != nil)
        var options = choices.apply(to: try await engine.options(for: deployment))
        options.last = try await engine.lastRevision(of: deployment)?.stack
        let prepared = options
        return try await engine.withTarget(of: deployment) { target in
            var plan = try await target.engine.plan(desired, options: prepared).plan
            let approved = plan.identifier(ignoring: [deployment.id.identifier])
            plan.warnings += try await MinimumRequirements(deployment["module"]?["content"]).warnings(target.client)
            var json = plan.json().objectValue ?? [:]
            json["plan-id"] = .string(approved)
            return .object(json)
        }
    }
}
