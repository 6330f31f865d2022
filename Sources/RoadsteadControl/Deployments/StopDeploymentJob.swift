import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// `stop_deployment`: removes the stack and waits until its tasks and networks are gone; with `delete` in the payload
/// the deployment's document goes as well.
///
/// Volumes and images stay where they are unless `remove-volumes` and `remove-images` ask for them: then they go from each
/// node that can be reached, and what stays is said.
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
        let removesVolumes = context.payload["remove-volumes"]?.boolValue == true
        let removesImages = context.payload["remove-images"]?.boolValue == true
        return try await engine.withTarget(of: deployment) { target in
            // Journaled: a run that is resumed finds no services any more.
            let images =
                removesImages
                ? try await context.recordedStep("images") {
                    JSONValue(Set(try await target.engine.services(stack: stack).map(\.image)).sorted())
                } : []
            let count = try await context.observe("remove") {
                try await target.engine.remove(stack: stack, timeout: .seconds(180)) { progress in
                    try? await context.progress(50, progress.message)
                }
            }
            var message = count == 0 ? "nothing of the stack was left" : "removed \(count) objects of the stack"
            if removesVolumes || removesImages {
                let left = try await context.observe("clean") {
                    let reach = try await NodeReach(client: target.client, logger: context.logger)
                    let cleaning = NodeCleaning(
                        stack: stack, removesVolumes: removesVolumes,
                        images: images.arrayValue?.compactMap(\.stringValue) ?? [], reach: reach, clock: context.clock)
                    return try await cleaning.run { try? await context.progress(80, $0) }
                }
                message += Self.words(left, removesVolumes, removesImages)
            }
            return .succeeded(message: message)
        }
    }

    private static func words(_ outcome: NodeCleaning.Outcome, _ volumes: Bool, _ images: Bool) -> String {
        var words = ""
        if volumes { words += "; removed volumes: " + list(outcome.volumes) }
        if images { words += "; removed images: " + list(outcome.images) }
        return words + outcome.left.map { "\nwarning: \($0)" }.joined()
    }

    private static func list(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: ", ") }

    public func settle(_ job: StoredDocument, _ end: JobEnd, in transaction: StoreTransaction) throws {
        guard let deployment = try DeploymentSettling.current(job, .stop, in: transaction) else { return }
        guard end.state == .success else {
            let failed = try transaction.modify(deployment.id) { body in
                body["state"] = .string(DeploymentState.error.rawValue)
                body["reason"] = .string(DeploymentHealth.cut(end.message))
                body["failed-operation"] = .string(DeploymentOperation.stop.rawValue)
            }
            try transaction.record(DeploymentSettling.event("stop", job, end, on: failed))
            return
        }
        try DeploymentKey.remove(of: deployment.id, in: transaction)
        guard DeploymentSettling.payload(job)["delete"]?.boolValue == true else {
            let gone: Set<String> = [
                "health", "health-since", "reason", "services", "failed-operation", "api-credentials",
                DeploymentKey.attribute,
            ]
            let stopped = try transaction.modify(deployment.id) { body in
                body = body.filter { !gone.contains($0.key) }
                body["state"] = .string(DeploymentState.stopped.rawValue)
            }
            try transaction.record(DeploymentSettling.event("stop", job, end, on: stopped))
            return
        }
        try DeploymentRemoval.children(of: deployment.id, in: transaction)
        try transaction.delete(deployment.id)
        var event = DeploymentSettling.event("stop and delete", job, end, on: deployment)
        (event.name, event.category, event.state) = ("deployment.delete", .delete, nil)
        try transaction.record(event)
    }
}
