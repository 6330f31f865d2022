import DockerAPI
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

/// Where a deploy job has its stack from: the document, or a recorded revision with what the operation changes in it.
struct DesiredSource {
    let context: JobContext
    let operation: DeploymentOperation
    let deployment: StoredDocument
    let engine: DeploymentEngine

    func desired() async throws -> DesiredStack {
        switch operation {
        case .rollback: return DesiredStack(try await stack(of: try await restoredRevision()))
        case .scale: return DesiredStack(try RevisionChange.scaled(try await newest(), to: try replicas()))
        case .restart:
            let names = context.payload["services"]?.arrayValue?.compactMap(\.stringValue) ?? []
            return DesiredStack(RevisionChange.restarted(try await newest(), services: names, mark: try await moment()))
        case .start, .update, .stop, .delete:
            let choices = DeploymentChoices(context.payload.objectValue ?? [:])
            return try engine.stack(of: deployment).desired(at: try await moment(), builds: choices.builds != nil)
        }
    }

    /// The moment that the job was made: the same at every run of it.
    private func moment() async throws -> Instant {
        let created = try await context.documents.get(context.id)["created"]?.stringValue
        return created.flatMap { Instant(rfc3339: $0) } ?? context.clock.now
    }

    private func replicas() throws -> [String: UInt64] {
        let given = context.payload["services"]?.objectValue ?? [:]
        return Dictionary(
            given.compactMap { name, value in value.integerValue.map { (name, UInt64(max(0, $0))) } },
            uniquingKeysWith: { $1 })
    }

    // MARK: - Revisions

    /// The deployment as the revision will remember it: a rollback brings the module of then back, and what only changes
    /// numbers or makes tasks anew keeps that of the last apply, whatever has been put into the document since.
    func documented() async throws -> StoredDocument {
        let revision: StoredDocument
        switch operation {
        case .rollback: revision = try await restoredRevision()
        case .scale, .restart: revision = try await newestRevision()
        case .start, .update, .stop, .delete: return deployment
        }
        let content = try RevisionContent(of: revision, sealer: context.documents.sealer)
        var document = deployment
        document["module"] = .object(content.module)
        return document
    }

    /// The number of the revision that is brought back.
    func restored() async throws -> Int64? {
        operation == .rollback ? DeploymentHistory.number(of: try await restoredRevision()) : nil
    }

    /// Found once and journaled: "the one before the last" is another one when the job is resumed after its success.
    private func restoredRevision() async throws -> StoredDocument {
        let (history, number) = (DeploymentHistory(deployment: deployment), context.payload["revision"]?.integerValue)
        let chosen = try await context.recordedStep("choose") {
            try await context.write { transaction in
                .string(try history.target(of: number, in: transaction).id.description)
            }
        }
        guard let id = chosen.stringValue.flatMap({ ResourceID($0) }) else {
            throw RoadsteadError(.internal, "the journal of \(context.id) cannot be read")
        }
        return try await context.documents.get(id)
    }

    private func newest() async throws -> StackRevision { try await stack(of: try await newestRevision()) }

    private func newestRevision() async throws -> StoredDocument {
        let history = DeploymentHistory(deployment: deployment)
        return try await context.write { try history.newest(in: $0) }
    }

    private func stack(of revision: StoredDocument) async throws -> StackRevision {
        let content = try RevisionContent(of: revision, sealer: context.documents.sealer)
        return try content.restored(
            key: deployment["api-credentials"]?["api-key"]?.stringValue,
            secret: try engine.stack(of: deployment).apiSecret)
    }
}

/// Small changes to a recorded stack.
enum RevisionChange {
    /// Throws `invalidInput` for services that have no number of replicas.
    static func scaled(_ revision: StackRevision, to replicas: [String: UInt64]) throws -> StackRevision {
        var revision = revision
        for index in revision.services.indices {
            let key = revision.services[index].key
            guard let count = replicas[key] else { continue }
            guard revision.services[index].spec.mode?.global == nil, revision.services[index].spec.mode?.isJob != true
            else {
                throw RoadsteadError(
                    .invalidInput, "service \(key) is not replicated: it has no number of replicas to change")
            }
            revision.services[index].spec.mode = .replicated(count)
        }
        return revision
    }

    /// The Swarm makes all tasks anew when the number changes. `mark`'s seconds, so that a resumed job asks for the same.
    static func restarted(_ revision: StackRevision, services: [String], mark: Instant) -> StackRevision {
        var revision = revision
        for index in revision.services.indices where services.isEmpty || services.contains(revision.services[index].key)
        {
            revision.services[index].spec.taskTemplate.forceUpdate = UInt64(max(0, mark.millisecondsSinceEpoch / 1000))
        }
        return revision
    }
}
