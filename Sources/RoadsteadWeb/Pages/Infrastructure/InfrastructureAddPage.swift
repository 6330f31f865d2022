import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel

/// `/infrastructures/add`: choose what it is, then fill in the form for it.
enum InfrastructureAddPage {
    struct KindsModel: Sendable {
        struct Kind: Sendable {
            let title: String
            let sentence: String
            let href: String
        }

        let kinds = InfrastructureKind.all.map {
            Kind(title: $0.title, sentence: $0.sentence, href: "/infrastructures/add/" + $0.subtype)
        }
    }

    static let routes = [
        PageRoute("GET", "/infrastructures/add") { _ in
            .page(PageView(title: "Add an infrastructure", template: "infrastructure-kinds", model: KindsModel()))
        },
        PageRoute("GET", "/infrastructures/add/:kind") { call in form(try kind(call), call) },
        PageRoute("POST", "/infrastructures/add/:kind") { try await submitted(call: $0) },
    ]

    private static func kind(_ call: PageCall) throws -> InfrastructureKind {
        let subtype = call.parameters["kind"] ?? ""
        guard let kind = InfrastructureKind.find(subtype) else {
            throw RoadsteadError(
                .notFound, "'\(subtype.prefix(100))' is no kind of infrastructure; choose one of those offered")
        }
        return kind
    }

    private static func form(
        _ kind: InfrastructureKind, _ call: PageCall, status: Int = 200, problem: String? = nil,
        finding: ConnectionTest.Finding? = nil
    ) -> PageAnswer {
        let model = InfrastructureAddModel(kind, fields: call.fields, problem: problem, finding: finding)
        return .page(PageView(title: model.title, template: "infrastructure-add", model: model, status: status))
    }

    /// What was typed stands in the form again, whatever is wrong with it; secrets have to be typed anew where there is
    /// no script that keeps the page.
    private static func submitted(call: PageCall) async throws -> PageAnswer {
        let kind = try kind(call)
        let draft = InfrastructureDraft(kind, fields: call.fields)
        do {
            if call.fields["do"] == "test" {
                return form(kind, call, finding: try await draft.test(in: call))
            }
            let id = try await draft.register(in: call)
            return .redirect("/infrastructures/\(id.identifier)?done=added")
        } catch let error as RoadsteadError where error.code != .internal {
            let answer = ErrorAnswer(error)
            return form(kind, call, status: answer.status, problem: Words.sentence(answer.message))
        }
    }
}

/// A service and its credential as somebody has typed them.
struct InfrastructureDraft {
    let kind: InfrastructureKind
    let fields: PageFields

    /// Of the credential's fields in the form.
    static let prefix = "credential-"

    init(_ kind: InfrastructureKind, fields: PageFields) {
        self.kind = kind
        self.fields = fields
    }

    private var subtype: String { kind.subtype == "other" ? fields["subtype"] ?? "" : kind.subtype }

    private var service: JSONObject {
        var document: JSONObject = ["name": .string(fields["name"] ?? "")]
        document["description"] = fields["description"].map(JSONValue.string)
        document["template"] = [
            "href": "infrastructure-service-template/generic", "subtype": .string(subtype),
            "endpoint": .string(fields["endpoint"] ?? ""),
        ]
        return document
    }

    /// The filled in attributes of the credential. Secrets are taken as they were typed.
    private var credential: JSONObject {
        var values = JSONObject()
        for attribute in kind.credential?.schema.attributes ?? [] where attribute.name != "parent" {
            let name = Self.prefix + attribute.name
            let isSecret = attribute.traits.contains(.secret)
            guard fields[name] != nil, let text = isSecret ? fields.raw(name) : fields[name] else { continue }
            values[attribute.name] = .string(text)
        }
        return values
    }

    /// A public service, such as a registry without accounts, and an engine without TLS have no credential.
    private var needsCredential: Bool {
        kind.credential != nil && (kind.subtype == "swarm" || !credential.members.isEmpty)
    }

    func test(in call: PageCall) async throws -> ConnectionTest.Finding {
        guard let template = kind.credential, let subtype = template.defaults["subtype"]?.stringValue else {
            throw RoadsteadError(.unsupported, "nothing is known of such a service that could be tried")
        }
        guard let endpoint = fields["endpoint"] else {
            throw RoadsteadError(.invalidInput, "the endpoint is missing: the address of the service")
        }
        return try await ConnectionTest(in: call.scope).finding(
            endpoint: endpoint, subtype: subtype, credential: credential)
    }

    /// Both or neither: a service whose credential is refused is taken back.
    func register(in call: PageCall) async throws -> ResourceID {
        guard fields["name"] != nil else {
            throw RoadsteadError(.invalidInput, "the name is missing: what it is called here")
        }
        let id = try Self.id(try await call.resources.add("infrastructure-service", service, in: call.scope))
        guard needsCredential, let template = kind.credential else { return id }
        var values = credential
        values["href"] = .string("credential-template/" + template.identifier)
        values["parent"] = .string(id.description)
        do {
            _ = try await call.resources.add(
                "credential", ["name": .string(fields["name"] ?? ""), "template": .object(values)], in: call.scope)
        } catch {
            _ = try? await call.resources.delete(id, in: call.scope)
            throw error
        }
        return id
    }

    private static func id(_ answer: ResourceAnswer) throws -> ResourceID {
        guard case .operation(let operation) = answer.content, let id = operation.resourceID.flatMap({ ResourceID($0) })
        else { throw RoadsteadError(.internal, "a new service has no id") }
        return id
    }
}
