import RoadsteadBasics
import RoadsteadModel

struct InfrastructureModel: Sendable {
    struct Credential: Sendable {
        let name: String
        let state: Badge
        let message: String
        let checked: Moment?
    }

    struct Share: Sendable {
        let who: String
        let label: String
        let right: String
        let mayEnd: Bool
    }

    struct Happening: Sendable {
        let what: String
        let who: String
        let isFailure: Bool
        let when: Moment?
    }

    struct Right: Sendable {
        let value: String
        let label: String
        let meaning: String
        let isSelected: Bool
    }

    let notice: String?
    let problem: String?
    let name: String
    let href: String
    let kind: String
    let endpoint: String
    let summary: String?
    let state: Badge
    let created: Moment?
    let credentials: [Credential]
    let hasCredentials: Bool
    let mayShare: Bool
    let mayRemove: Bool
    let shares: [Share]
    let rights = Self.rightsInWords
    let principals: [KnownPrincipal]
    let events: [Happening]
    let hasEvents: Bool
    /// The stream of news after which the page looks again.
    let live: String?
    let hint: CommandHint

    init(
        _ service: JSONObject, credentials: [JSONObject], events: [JSONObject], principals: [KnownPrincipal],
        notice: String?, problem: String?
    ) {
        let id = service["id"]?.stringValue ?? ""
        let operations = (service["operations"]?.arrayValue ?? []).compactMap { $0["rel"]?.stringValue }
        let list = try? ShareList(service)
        self.notice = notice
        self.problem = problem
        self.principals = principals
        name = service["name"]?.stringValue ?? id
        href = "/infrastructures/" + (id.split(separator: "/").last.map(String.init) ?? "")
        kind = InfrastructureKind.title(service["subtype"]?.stringValue ?? "")
        endpoint = service["endpoint"]?.stringValue ?? ""
        summary = service["description"]?.stringValue
        state = InfrastructureState.badge(credentials)
        created = Moment(service["created"]?.stringValue)
        self.credentials = credentials.map(Credential.init)
        hasCredentials = !credentials.isEmpty
        mayShare = operations.contains("edit") && list != nil
        mayRemove = operations.contains("delete")
        let mayShare = mayShare
        shares = (list?.rows ?? []).map { Share($0, principals: principals, mayEnd: mayShare) }
        self.events = events.map { Happening($0, principals: principals) }
        hasEvents = !events.isEmpty
        live = Self.live(credentials)
        hint = CommandHint(
            command: "roadstead infra check \(ShellWord.quoted(name))", request: "GET /api/\(id)")
    }

    private static func live(_ credentials: [JSONObject]) -> String? {
        let ids = credentials.compactMap { $0["id"]?.stringValue }.prefix(20)
        guard !ids.isEmpty else { return nil }
        let filter = "target-resource/href=[" + ids.map { "'\($0)'" }.joined(separator: ",") + "]"
        return "/api/job?filter=" + PercentEncoding.query(filter)
    }

    private static let rightsInWords = [
        Right(value: "view", label: "View", meaning: "see it and how it is doing", isSelected: false),
        Right(value: "use", label: "Use", meaning: "see it, and deploy to it", isSelected: true),
        Right(value: "edit", label: "Edit", meaning: "use it, and change its name and endpoint", isSelected: false),
        Right(value: "manage", label: "Manage", meaning: "everything: also share and remove it", isSelected: false),
    ]
}

extension InfrastructureModel.Credential {
    init(_ credential: JSONObject) {
        name = credential["name"]?.stringValue ?? credential["id"]?.stringValue ?? ""
        state = InfrastructureState.badge(of: credential)
        message = credential["status-message"]?.stringValue.map(Words.sentence) ?? ""
        checked = Moment(credential["last-check"]?.stringValue)
    }
}

extension InfrastructureModel.Share {
    init(_ row: JSONObject, principals: [KnownPrincipal], mayEnd: Bool) {
        let id = row["id"]?.stringValue ?? ""
        let right = row["right"]?.stringValue ?? ""
        who = id
        label = KnownPrincipal.name(id, principals)
        self.right = right == "other" ? "Single rights" : right.prefix(1).uppercased() + right.dropFirst()
        self.mayEnd = mayEnd && right != "owner"
    }
}

extension InfrastructureModel.Happening {
    init(_ event: JSONObject, principals: [KnownPrincipal]) {
        let by = event["authn-info"]?["user-id"]?.stringValue ?? ""
        what = event["name"]?.stringValue ?? event["category"]?.stringValue ?? ""
        who = by.isEmpty ? "" : KnownPrincipal.name(by, principals)
        isFailure = event["success"]?.boolValue == false
        when = Moment(event["timestamp"]?.stringValue)
    }
}
