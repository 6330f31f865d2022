/// Every part that pages are made of, on one page: to look at in light and dark, narrow and wide.
enum ComponentsPage {
    struct Model: Sendable {
        let badges: [Badge]
        let fields: [FormFieldModel]
        let pager: Pager
        let hint: CommandHint
        let moment: Moment?
    }

    static let routes = [
        PageRoute("GET", "/components", needsSession: false) { call in
            .page(PageView(title: "Components", template: "components", model: model(call.fields)))
        }
    ]

    static func model(_ fields: PageFields) -> Model {
        let controls = ListControls(PageFields([("page", "2")]), orders: InfrastructureListPage.orders)
        return Model(
            badges: [
                Badge("Works", .good), Badge("Failed", .bad), Badge("Checking", .busy), Badge("Not checked", .quiet),
            ],
            fields: [
                FormFieldModel(name: "name", label: "Name", help: "What it is called.", isRequired: true),
                FormFieldModel(name: "password", label: "Password", isRequired: true, isSecret: true),
                FormFieldModel(name: "ca", label: "CA certificate", help: "PEM, pasted or dropped.", isLong: true),
                FormFieldModel(
                    name: "right", label: "Right",
                    options: [
                        .init(value: "view", label: "View", isSelected: true),
                        .init(value: "edit", label: "Edit", isSelected: false),
                    ]),
            ],
            pager: Pager(controls, path: "/components", shown: 25, count: 1000),
            hint: CommandHint(command: "roadstead infra ls", request: "GET /api/infrastructure-service"),
            moment: Moment("2026-11-30T12:00:00.000Z"))
    }
}
