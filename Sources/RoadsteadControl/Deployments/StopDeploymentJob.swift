import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// `stop_deployment`: removes the stack and waits until its tasks and networks are gone; with `delete` in the payload
/// the deployment's document goes as well.
///
/// Volumes and images stay where they are: they belong to nodes that this server does not reach.
public struct StopDeploymentJob: JobHandler {
    public let action = "stop_deployment"
    public let maximumAttempts = 2

    public init() {}

    public func run(_ context: JobContext) async throws -> JobOutcome {
        let deployment = try await context.documents.get(context.target)
        guard deployment["parent"] != nil else {
            return .succeeded(message: "the deployment has no target: there was nothing to remove")
        }
        let stack = DeploymentStack(deployment: deployment).name
        let engine = DeploymentEngine(store: context.documents, clock: context.clock, logger: context.logger)
        let count = try await context.observe("remove") {
            try await engine.withTarget(of: deployment) { target in
                try await target.engine.remove(stack: stack, timeout: .seconds(180)) { progress in
                    try? await context.progress(50, progress.message)
                }
            }
        }
        return .succeeded(message: message(count, context.payload))
    }

    private func message(_ count: Int, _ payload: JSONValue) -> String {
        let kept = [("remove-volumes", "volumes"), ("remove-images", "images")]
            .filter { payload[$0.0]?.boolValue == true }.map(\.1)
        let note = kept.isEmpty ? "" : "; its \(kept.joined(separator: " and ")) stay on the nodes"
        return (count == 0 ? "nothing of the stack was left" : "removed \(count) objects of the stack") + note
    }

    public func settle(_ job: StoredDocument, _ end: JobEnd, in transaction: StoreTransaction) throws {
        guard let deployment = try DeploymentSettling.current(job, .stop, in: transaction) else { return }
        guard end.state == .success else {
            try transaction.modify(deployment.id) { $0["state"] = .string(DeploymentState.error.rawValue) }
            return
        }
        guard Self.payload(job)["delete"]?.boolValue == true else {
            try transaction.modify(deployment.id) { $0["state"] = .string(DeploymentState.stopped.rawValue) }
            return
        }
        try DeploymentRemoval.children(of: deployment.id, in: transaction)
        try transaction.delete(deployment.id)
    }

    /// The dialect keeps it as JSON text.
    private static func payload(_ job: StoredDocument) -> JSONValue {
        let value = job["payload"] ?? .null
        guard let text = value.stringValue else { return value }
        return (try? JSONValue.parse(text)) ?? .null
    }
}
