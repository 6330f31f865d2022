import RoadsteadBasics
import RoadsteadClient
import RoadsteadModel

/// Makes the cluster that a specification asks for, or goes on where an earlier attempt ended.
struct ClusterMaking: Sendable {
    let connection: Connection
    /// Checked already; without the credential, unless it says one.
    let document: JSONObject
    let credential: ClusterCredential
    let approval: Approval
    let wait: JobWaitOptions
    let output: OutputOptions

    /// What becomes of a cluster of that name that is there; pure.
    enum Move: Equatable {
        /// Nothing was made of it: it takes what is asked for now.
        case begin
        /// Some of it was made.
        case resume
        /// Somebody is at it.
        case follow
        case nothing
        case refused(String)

        static func make(state: ClusterState?, differs: Bool, name: String) -> Move {
            switch state {
            case .created: .begin
            case .error where differs:
                .refused(
                    "some of it was made so: go on with the same, or take it back first by "
                        + "`roadstead cluster create \(name) --undo`")
            case .error: .resume
            case .creating where differs: .refused("it is being made so")
            case .creating: .follow
            case .ready, .degraded, .changing:
                differs
                    ? .refused(
                        "bring it there by `roadstead cluster apply -f FILE` or `roadstead cluster scale \(name) …`")
                    : .nothing
            case .terminating: .refused("it is being terminated: wait for that")
            case .terminated, nil: .refused("see `roadstead cluster show \(name)`")
            }
        }
    }

    private var name: String { document["name"]?.stringValue ?? "" }

    func run() async throws {
        let existing = try await ResourceLookup.clusters(connection.client).find(name)
        guard let existing else { return try await make(nil) }
        let changes = differences(from: existing)
        let move = Move.make(state: existing.clusterState, differs: !changes.isEmpty, name: name)
        switch move {
        case .begin, .resume: try await make(existing)
        case .follow: try await follow(existing)
        case .nothing: try report(existing, "Cluster \(name) is there and \(existing.text("state")): nothing to do.")
        case .refused(let why):
            let lines =
                ["cluster '\(name)' is there and \(existing.text("state")): \(why)"]
                + (changes.isEmpty ? [] : ["what is asked for differs:"] + SpecificationDifference.lines(changes))
            throw RoadsteadError(.conflict, lines.joined(separator: "\n"))
        }
    }

    /// Which credential is used is no matter of what the cluster is: a wrong key is put right by the same command.
    private func differences(from existing: JSONObject) -> [FieldChange] {
        func comparable(_ document: JSONObject) -> JSONObject { document.filter { $0.key != "credential" } }
        return SpecificationDifference.make(comparable(existing.specification), comparable(document))
    }

    // MARK: - Making

    private func make(_ existing: JSONObject?) async throws {
        let cluster = try await document.adoptsHosts ? approvedByHosts(existing) : approved(existing)
        let advice = [
            "Go on by the same command again, or take back what was made by: roadstead cluster create \(name) --undo"
        ]
        let run = ClusterJobRun(connection: connection, wait: wait, isForPeople: output.isForPeople, advice: advice)
        guard try await run.run("create", on: cluster) else { return try report(cluster, nil) }
        try await reportReady(cluster)
    }

    private func approved(_ existing: JSONObject?) async throws -> JSONObject {
        try await show(existing)
        try await approval.get(existing?.clusterState == .error ? "Go on?" : "Make it?")
        return try await put(existing)
    }

    /// Only the server can look at the hosts, and only at those of a cluster that it knows: nothing is asked of them.
    private func approvedByHosts(_ existing: JSONObject?) async throws -> JSONObject {
        let cluster = try await put(existing)
        do {
            let plan = try await ClusterChange.plan(cluster.specification, of: cluster, connection.client)
            if output.isForPeople {
                connection.console.write(ClusterPlanText.lines(plan, connection.console.style))
            }
            try await approval.get(existing?.clusterState == .error ? "Go on?" : "Make it?")
        } catch {
            if existing == nil { _ = try? await connection.client.delete(try cluster.requireID()) }
            throw error
        }
        return cluster
    }

    /// What will be made. What is left to be made of a cluster that failed is asked of the server.
    private func show(_ existing: JSONObject?) async throws {
        var plan: ClusterPlan? = try ClusterPlan.make(try ClusterDocument.specification(document), ClusterFacts())
        if let existing, existing.clusterState == .error { plan = await rest(of: existing) }
        guard output.isForPeople else { return }
        let failure = existing?.text("state-message") ?? ""
        connection.console.write(
            (failure.isEmpty ? [] : ["It failed before: " + TerminalText.safe(failure, keepingLines: true)])
                + (plan.map { ClusterPlanText.lines($0, connection.console.style) } ?? [])
                + [credential.line].compactMap(\.self))
    }

    /// nil, and a warning, when it cannot be found out: a wrong key, which is put right by this very command, must not
    /// stand in its way.
    private func rest(of existing: JSONObject) async -> ClusterPlan? {
        var wanted = document
        wanted["credential"] = wanted["credential"] ?? existing.specification["credential"]
        do { return try await ClusterChange.plan(wanted, of: existing, connection.client) } catch {
            connection.console.error("roadstead: warning: what is there cannot be looked at: \(error.message)")
            return nil
        }
    }

    private func put(_ existing: JSONObject?) async throws -> JSONObject {
        var document = document
        let client = connection.client
        if let id = try await credential.ensure(for: name, connection) {
            document["credential"] = .string(id.description)
        }
        guard let existing else {
            let id = try await client.add(
                "cluster", ["name": .string(name), "specification": .object(document)]
            ).requireResource()
            return try await client.get(id)
        }
        document["credential"] = document["credential"] ?? existing.specification["credential"]
        guard !SpecificationDifference.make(existing.specification, document).isEmpty else { return existing }
        return try await client.edit(try existing.requireID(), ["specification": .object(document)])
    }

    // MARK: - Somebody else's making, and the end

    private func follow(_ existing: JSONObject) async throws {
        if let job = try await Self.job(of: try existing.requireID(), connection.client) {
            let run = ClusterJobRun(connection: connection, wait: wait, isForPeople: output.isForPeople)
            guard try await run.follow(job, "create \(name)") else { return try report(existing, nil) }
        }
        try await reportReady(existing)
    }

    /// The job that makes a cluster at present.
    static func job(of cluster: ResourceID, _ client: APIClient) async throws(RoadsteadError) -> ResourceID? {
        let filter =
            "action='create_cluster' and target-resource/href='\(cluster)' and state=['QUEUED','RUNNING']"
        return try await client.query("job", ClientQuery(filter: filter, last: 1)).documents.first?.requireID()
    }

    private func reportReady(_ cluster: JSONObject) async throws {
        let cluster = try await connection.client.get(try cluster.requireID())
        guard cluster.clusterState?.isUsable == true else {
            throw RoadsteadError(
                .invalidState, "cluster '\(name)' is \(cluster.text("state")): see `roadstead cluster show \(name)`")
        }
        let endpoint = try await ClusterReport.endpoint(cluster, connection.client)
        connection.console.write(
            try Listing.lines(cluster, output) { ClusterReport.ready(cluster, endpoint: endpoint) })
    }

    private func report(_ cluster: JSONObject, _ sentence: String?) throws {
        guard sentence != nil || !output.isForPeople else { return }
        connection.console.write(try Listing.lines(cluster, output) { [sentence ?? ""] })
    }
}

extension JSONObject {
    /// Of a specification: hosts are taken with what runs on them.
    var adoptsHosts: Bool { self["options"]?["adopt"] == true }
}
