import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore

extension ClusterRules {
    /// The state changes, and the job that does it is queued, in one transaction.
    func launch(
        _ operation: ClusterOperation, on cluster: ClusterDocument, _ body: JSONObject, in scope: RequestScope
    ) async throws -> ResourceAnswer {
        _ = try cluster.state.beginning(operation)
        if operation.usesSpecification {
            // What it refers to must still be there, and the caller's to see.
            try await ClusterAdmission(scope: scope, tools: tools).check(try cluster.specification())
        }
        if operation == .terminate, let expected = body["expected"]?.arrayValue {
            try await check(Set(expected.compactMap(\.stringValue)), of: cluster, in: scope)
        }
        let launch = ClusterLaunch(
            operation: operation, cluster: cluster.id, isForced: body["force"] == true, requester: scope.requester,
            draft: JobDraft(
                operation.jobAction ?? operation.rawValue, on: cluster.id, by: scope.requester, of: cluster.stored.body)
        )
        let job = try await scope.store.write { try launch.run(in: $0) }
        return .operation(.accepted(launch.draft.action, cluster.id.description, job: job.description))
    }

    /// Throws `conflict` when something else would be removed than somebody has seen.
    private func check(_ expected: Set<String>, of cluster: ClusterDocument, in scope: RequestScope) async throws {
        let removes = try await removals(of: cluster, in: scope)
        let ids = Set(removes.map(\.id))
        guard ids != expected else { return }
        let more = removes.filter { !expected.contains($0.id) }.map(\.description)
        let gone = expected.subtracting(ids).sorted()
        let words = [
            more.isEmpty ? nil : "would be removed, too: \(more.joined(separator: ", "))",
            gone.isEmpty ? nil : "are gone: \(gone.joined(separator: ", "))",
        ].compactMap(\.self)
        throw RoadsteadError(
            .conflict,
            "\(cluster.id) is not what was expected (\(words.joined(separator: "; "))); look at the plan and ask again",
            context: ["resource-id": cluster.id.description])
    }
}

extension ClusterOperation {
    /// Whether it brings the specification about, rather than what was.
    fileprivate var usesSpecification: Bool { [.create, .apply, .upgrade].contains(self) }

    fileprivate var isEnding: Bool { [.undo, .terminate].contains(self) }
}

/// One operation that begins, within the transaction that decides whether it may.
struct ClusterLaunch: Sendable {
    let operation: ClusterOperation
    let cluster: ResourceID
    let isForced: Bool
    let requester: Requester
    let draft: JobDraft

    func run(in transaction: StoreTransaction) throws -> ResourceID {
        let current = ClusterDocument(try transaction.get(cluster))
        let next = try current.state.beginning(operation)
        if operation.isEnding {
            try checkIsFree(current, in: transaction)
            // An ending ends what is under way.
            for job in try transaction.unfinishedJobs(target: cluster) { try transaction.cancelJob(job.id) }
        }
        try readyJournals(in: transaction)
        try transaction.modify(cluster) { document in
            document["state"] = .string(next.rawValue)
            document["updated-by"] = .string(requester.author)
        }
        try transaction.record(
            EventDraft(.action, verb: operation.rawValue, on: current.stored.body, type: "cluster", by: requester))
        return try transaction.enqueue(draft).id
    }

    /// A making that failed is gone on with where it was, but for what an edit may have changed since; of everything else
    /// the documents and the outside world tell how far it is.
    private func readyJournals(in transaction: StoreTransaction) throws {
        let create = ClusterOperation.create.rawValue
        try JobStepJournal.clear(of: cluster, except: operation == .create ? create : nil, in: transaction)
        let again: [ClusterSteps.Kind] = [.firewall, .labels, .verify]
        try JobStepJournal.reopen(Set(again.map(\.rawValue)), of: cluster, graph: create, in: transaction)
    }

    private func checkIsFree(_ current: ClusterDocument, in transaction: StoreTransaction) throws {
        guard !isForced, let service = current.service else { return }
        let names = try ClusterRegistration.deployments(on: service, in: transaction)
            .map { $0["name"]?.stringValue ?? $0.id.description }.sorted()
        guard !names.isEmpty else { return }
        throw RoadsteadError(
            .conflict,
            "\(names.count) \(names.count == 1 ? "deployment runs" : "deployments run") on cluster \(current.name): "
                + "\(names.joined(separator: ", ")); stop them first, or force it",
            context: ["resource-id": cluster.description])
    }
}
