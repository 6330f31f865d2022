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
            let specification = try cluster.specification()
            try await ClusterAdmission(scope: scope, tools: tools).check(specification)
            try await checkHosts(specification.hosts, of: cluster, in: scope)
        }
        if let approved = body["plan-id"]?.stringValue {
            try await check(approved, operation, of: cluster, in: scope)
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

    /// Throws `conflict` for a host that is a machine of another cluster, whose name is told to those who may see it.
    private func checkHosts(
        _ hosts: [ClusterHost], of cluster: ClusterDocument, in scope: RequestScope
    ) async throws {
        let id = cluster.id
        guard !hosts.isEmpty,
            let other = try await scope.store.write({ try HostClaims.other(hosts, than: id, in: $0) })
        else { return }
        let seen = try? await scope.get(other.cluster ?? other.id, with: .viewMeta)
        throw HostClaims.conflict(other, of: seen?["name"]?.stringValue)
    }

    /// Throws `conflict` when the plan is another one by now than the one that was approved.
    private func check(
        _ approved: String, _ operation: ClusterOperation, of cluster: ClusterDocument, in scope: RequestScope
    ) async throws {
        let specification = operation == .repair ? try cluster.standing() : try cluster.specification()
        let plan = try await site(cluster, specification, in: scope) { site in
            try ClusterPlan.make(specification, try await ClusterSurvey(site: site).look().facts)
        }
        guard plan.identifier != approved else { return }
        let changes = plan.steps.filter(\.isChange).flatMap { $0.lines() }
        throw RoadsteadError(
            .conflict,
            "the plan is \(plan.identifier) by now, and not \(approved): the cluster has changed meanwhile\n"
                + (changes + [plan.summary]).joined(separator: "\n"),
            context: ["resource-id": cluster.id.description])
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
