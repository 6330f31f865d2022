import RoadsteadBasics
import RoadsteadClient
import RoadsteadModel

/// Brings a cluster from what it is to what it shall be: plan, question, edit, job.
struct ClusterChange: Sendable {
    let connection: Connection
    let cluster: JSONObject
    let approval: Approval
    let wait: JobWaitOptions
    let output: OutputOptions

    /// `document` is what it shall be. Answers when that is so, or goes on without us.
    func run(_ document: JSONObject) async throws {
        let shown = try await Self.shownPlan(document, of: cluster, connection.client)
        let plan = shown.plan
        if output.isForPeople { connection.console.write(ClusterPlanText.lines(plan, connection.console.style)) }
        let isLive = cluster["applied"]?.objectValue.map { SpecificationDifference.make($0, document).isEmpty } ?? false
        guard !plan.hasNoChange || !isLive || cluster.clusterState == .degraded else {
            return try report(cluster, "Nothing to do: \(cluster.title) is as it should be.")
        }
        if !plan.hasNoChange { try await approval.get("Go on?") }
        try await put(document)
        let run = ClusterJobRun(connection: connection, wait: wait, isForPeople: output.isForPeople)
        guard try await run.run("apply", on: cluster, shown.approval) else { return try report(cluster, nil) }
        try report(
            try await connection.client.get(try cluster.requireID()), "Cluster \(cluster.title) is as it should be.")
    }

    static func plan(
        _ document: JSONObject, of cluster: JSONObject, _ client: APIClient, operation: String = "apply"
    ) async throws(RoadsteadError) -> ClusterPlan {
        try await shownPlan(document, of: cluster, client, operation: operation).plan
    }

    static func shownPlan(
        _ document: JSONObject, of cluster: JSONObject, _ client: APIClient, operation: String = "apply"
    ) async throws(RoadsteadError) -> ShownPlan {
        let body: JSONObject = ["specification": .object(document), "operation": .string(operation)]
        let answer = try await client.operation("plan", on: try cluster.requireID(), body)
        return ShownPlan(
            plan: try ClusterPlan(json: answer.body.merging(["cluster": .string(cluster.title)])),
            id: answer.body["plan-id"]?.stringValue)
    }

    func put(_ document: JSONObject) async throws {
        guard !SpecificationDifference.make(cluster.specification, document).isEmpty else { return }
        let seen = cluster.specification
        try await connection.client.change(try cluster.requireID()) { current throws(RoadsteadError) in
            // What was approved was a plan against what was read.
            guard current.specification == seen else {
                throw RoadsteadError(
                    .conflict, "somebody else has changed cluster '\(current.title)' meanwhile: look at it again")
            }
            return ["specification": .object(document)]
        }
    }

    func report(_ cluster: JSONObject, _ sentence: String?) throws {
        guard sentence != nil || !output.isForPeople else { return }
        connection.console.write(try Listing.lines(cluster, output) { [sentence ?? ""] })
    }
}
