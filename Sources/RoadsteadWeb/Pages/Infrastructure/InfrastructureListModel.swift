import RoadsteadBasics
import RoadsteadModel

struct InfrastructureListModel: Sendable {
    struct Row: Sendable {
        let name: String
        let href: String
        let kind: String
        let endpoint: String
        let state: Badge
        let shared: String
        let created: Moment?
    }

    let notice: String?
    let rows: [Row]
    let hasRows: Bool
    let isNarrowed: Bool
    let words: String
    let kinds: [FormFieldModel.Option]
    let orders: [FormFieldModel.Option]
    let pager: Pager
    let summary: String
    let mayAdd: Bool
    let hint: CommandHint

    init(
        _ services: CollectionAnswer, credentials: [String: [JSONObject]], controls: ListControls,
        parameters: QueryParameters, notice: String?
    ) {
        self.notice = notice
        rows = services.resources.map { Row($0, credentials: credentials[$0["id"]?.stringValue ?? ""] ?? []) }
        hasRows = !rows.isEmpty
        isNarrowed = controls.isNarrowed
        words = controls.words
        let kinds = InfrastructureKind.all.filter { $0.subtype != "other" }
        self.kinds = kinds.map { .init(value: $0.subtype, label: $0.title, isSelected: $0.subtype == controls.choice) }
        orders = controls.orders.map { .init(value: $0.name, label: $0.label, isSelected: $0.name == controls.order) }
        pager = Pager(controls, path: "/infrastructures", shown: rows.count, count: services.count)
        summary = Words.count(services.count, "service", "services")
        mayAdd = services.operations.contains("add")
        hint = CommandHint(command: "roadstead infra ls", query: "infrastructure-service", parameters)
    }
}

extension InfrastructureListModel.Row {
    init(_ service: JSONObject, credentials: [JSONObject]) {
        let id = service["id"]?.stringValue ?? ""
        name = service["name"]?.stringValue ?? id
        href = "/infrastructures/" + (id.split(separator: "/").last.map(String.init) ?? "")
        kind = InfrastructureKind.title(service["subtype"]?.stringValue ?? "")
        endpoint = service["endpoint"]?.stringValue ?? ""
        state = InfrastructureState.badge(credentials)
        shared = SharedWith.summary(service)
        created = Moment(service["created"]?.stringValue)
    }
}

/// With whom something is shared, in a few words.
enum SharedWith {
    static func summary(_ document: JSONObject) -> String {
        guard let list = try? ShareList(document) else { return "" }
        let others = list.rows.filter { $0["right"]?.stringValue != "owner" }.count
        return others == 0 ? "Nobody else" : Words.count(others, "other", "others")
    }
}
