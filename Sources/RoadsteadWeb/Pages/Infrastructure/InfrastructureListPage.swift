import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel

/// `/infrastructures`: what is registered, paged, sorted and searched by the store.
enum InfrastructureListPage {
    static let routes = [PageRoute("GET", "/infrastructures") { try await answer($0) }]

    static let orders = [
        ListControls.Order(name: "name", label: "Name", parameter: .init("name")),
        ListControls.Order(name: "newest", label: "Newest first", parameter: .init("created", isAscending: false)),
        ListControls.Order(name: "type", label: "Type", parameter: .init("subtype")),
    ]

    private static func answer(_ call: PageCall) async throws -> PageAnswer {
        let controls = ListControls(call.fields, orders: orders)
        let parameters = controls.parameters(choiceAttribute: "subtype")
        let services = try await call.resources.query("infrastructure-service", parameters, in: call.scope)
        let credentials = try await ServiceCredentials.of(services.resources, in: call)
        let model = InfrastructureListModel(
            services, credentials: credentials, controls: controls, parameters: parameters,
            notice: Notice.text(call.fields))
        return .page(PageView(title: "Infrastructures", template: "infrastructures", model: model))
    }
}

/// The credentials that the caller may see, by the service that they open.
enum ServiceCredentials {
    static func of(_ services: [JSONObject], in call: PageCall) async throws -> [String: [JSONObject]] {
        let ids = services.compactMap { $0["id"]?.stringValue }
        guard !ids.isEmpty else { return [:] }
        // Ids are of our own making and hold no quotes.
        let filter = "parent=[" + ids.map { "'\($0)'" }.joined(separator: ",") + "]"
        let found = try await call.resources.query(
            "credential", QueryParameters(filters: [filter], last: 1000, orderBy: [.init("name")]), in: call.scope)
        return Dictionary(grouping: found.resources) { $0["parent"]?.stringValue ?? "" }
    }
}
