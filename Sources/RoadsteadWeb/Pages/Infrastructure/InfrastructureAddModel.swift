import RoadsteadControl
import RoadsteadModel

/// The form for one kind of service, made from the same schemas that the API checks.
struct InfrastructureAddModel: Sendable {
    struct Finding: Sendable {
        let badge: Badge
        let message: String
    }

    let title: String
    let sentence: String
    let action: String
    let problem: String?
    let finding: Finding?
    let fields: [FormFieldModel]
    let hasCredential: Bool
    let credentialTitle: String
    let credentialFields: [FormFieldModel]
    let hint: CommandHint

    init(_ kind: InfrastructureKind, fields: PageFields, problem: String?, finding: ConnectionTest.Finding?) {
        title = "Add: " + kind.title
        sentence = kind.sentence
        action = "/infrastructures/add/" + kind.subtype
        self.problem = problem
        self.finding = finding.map {
            Finding(
                badge: $0.isUsable ? Badge("Works", .good) : Badge("Does not work", .bad),
                message: Words.sentence($0.message))
        }
        self.fields = Self.serviceFields(kind, fields)
        hasCredential = kind.credential != nil
        credentialTitle = kind.credential?.description ?? ""
        credentialFields = (kind.credential?.schema.attributes ?? []).filter { $0.name != "parent" }.map {
            FormFieldModel($0, prefix: InfrastructureDraft.prefix, fields: fields)
        }
        hint = Self.hint(kind, fields)
    }

    private static func serviceFields(_ kind: InfrastructureKind, _ fields: PageFields) -> [FormFieldModel] {
        var models = [
            FormFieldModel(
                name: "name", label: "Name", help: "What it is called here.", value: fields.raw("name") ?? "",
                isRequired: true),
            FormFieldModel(
                name: "endpoint", label: "Endpoint", help: "Its address, as this server reaches it.",
                value: fields.raw("endpoint") ?? "", placeholder: kind.example, isRequired: true),
            FormFieldModel(
                name: "description", label: "Description", help: "A line for those who find it.",
                value: fields.raw("description") ?? ""),
        ]
        if kind.subtype == "other" {
            let help = ResourceType.infrastructureService.schema.attributes.first { $0.name == "subtype" }?.description
            models.insert(
                FormFieldModel(
                    name: "subtype", label: "Type", help: help, value: fields.raw("subtype") ?? "",
                    placeholder: "gitlab",
                    isRequired: true), at: 1)
        }
        return models
    }

    /// The command with what has been typed so far; never a secret.
    private static func hint(_ kind: InfrastructureKind, _ fields: PageFields) -> CommandHint {
        let name = ShellWord.quoted(fields["name"] ?? "NAME")
        let endpoint = ShellWord.quoted(fields["endpoint"] ?? kind.example)
        let subtype = kind.subtype == "other" ? fields["subtype"] ?? "TYPE" : kind.subtype
        return CommandHint(
            command: "roadstead infra add \(ShellWord.quoted(subtype)) \(name) --endpoint \(endpoint) …",
            request: "POST /api/infrastructure-service, then POST /api/credential with its id as parent")
    }
}
