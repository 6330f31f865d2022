import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel

/// `/`: what runs, what is wrong, what happened last; next steps where there is nothing yet.
enum OverviewPage {
    static let routes = [PageRoute("GET", "/") { try await answer($0) }]

    private static func answer(_ call: PageCall) async throws -> PageAnswer {
        async let services = call.resources.query("infrastructure-service", QueryParameters(last: 0), in: call.scope)
        async let clusters = call.resources.query(
            "cluster", QueryParameters(filters: ["state!='TERMINATED'"], last: 0), in: call.scope)
        async let deployments = call.resources.query(
            "deployment", QueryParameters(filters: ["state!='STOPPED'"], last: 0), in: call.scope)
        async let wrong = call.resources.query("deployment", wrongDeployments, in: call.scope)
        async let refused = call.resources.query("credential", wrongCredentials, in: call.scope)
        async let jobs = call.resources.query(
            "job", QueryParameters(last: 8, orderBy: [.init("created", isAscending: false)]), in: call.scope)
        let model = OverviewModel(
            counts: [
                try await ("Infrastructures", services.count, "/infrastructures"),
                try await ("Clusters", clusters.count, nil),
                try await ("Running deployments", deployments.count, nil),
            ], wrongDeployments: try await wrong.resources, wrongCredentials: try await refused.resources,
            jobs: try await jobs.resources)
        return .page(PageView(title: "Overview", template: "overview", model: model))
    }

    private static let wrongDeployments = QueryParameters(
        filters: ["state='ERROR' or (state='STARTED' and health=['degraded','down'])"], last: 10,
        orderBy: [.init("updated", isAscending: false)])

    private static let wrongCredentials = QueryParameters(
        filters: ["parent!=null and last-check!=null and status!='VALID'"], last: 10,
        orderBy: [.init("updated", isAscending: false)])
}
