import RoadsteadBasics
import RoadsteadModel

/// An event to be recorded: what happened to which resource, by whom. The audit trail.
public struct EventDraft: Sendable {
    public enum Category: String, Sendable { case add, edit, delete, action, state, alarm, email, user }
    public enum Severity: String, Sendable { case critical, high, medium, low }

    /// Who acted, as Nuvla's `authn-info`.
    public struct Authentication: Sendable, Hashable {
        public var userID: String?
        public var activeClaim: String?
        public var claims: [String]

        public init(userID: String? = nil, activeClaim: String? = nil, claims: [String] = []) {
            self.userID = userID
            self.activeClaim = activeClaim
            self.claims = claims
        }
    }

    /// `<type>.<verb>`, such as `deployment.start`.
    public var name: String
    public var category: Category
    public var severity: Severity = .medium
    /// The resource that it is about; it may be gone by now.
    public var resource: ResourceID?
    /// Other resources that it touches.
    public var linked: [ResourceID] = []
    public var state: String?
    /// A sentence for people. Never a secret.
    public var text: String?
    public var isSuccess: Bool
    public var authentication: Authentication?
    /// The principals that may see it beside the administrators.
    public var visibleTo: Set<String>

    public init(
        name: String, category: Category, resource: ResourceID?, text: String? = nil, isSuccess: Bool = true,
        by authentication: Authentication? = nil, visibleTo: Set<String> = []
    ) {
        self.name = name
        self.category = category
        self.resource = resource
        self.text = text
        self.isSuccess = isSuccess
        self.authentication = authentication
        self.visibleTo = visibleTo
    }
}

extension EventDraft {
    /// The `event` document, in the shape that Nuvla's clients read.
    func body(now: Instant) -> JSONObject {
        var body: JSONObject = [
            "resource-type": "event", "name": .string(name), "category": .string(category.rawValue),
            "severity": .string(severity.rawValue), "timestamp": .string(now.description), "success": .bool(isSuccess),
        ]
        body["description"] = text.map(JSONValue.string)
        body["content"] = .object(content)
        body["authn-info"] = authentication.map { .object($0.body) }
        // Seen, not owned: an owner could remove it.
        let access = AccessList(owners: [Principal.admin], grants: [.viewACL: visibleTo.subtracting([Principal.admin])])
        body["acl"] = access.normalized().json
        return body
    }

    private var content: JSONObject {
        var content: JSONObject = [
            "resource": ["href": resource.map { .string($0.description) } ?? .null],
            "linked-identifiers": JSONValue(linked.map(\.description)),
        ]
        content["state"] = state.map(JSONValue.string)
        return content
    }
}

extension EventDraft.Authentication {
    /// As it stands in an event.
    public var body: JSONObject {
        var body = JSONObject()
        body["user-id"] = userID.map(JSONValue.string)
        body["active-claim"] = activeClaim.map(JSONValue.string)
        body["claims"] = JSONValue(claims)
        return body
    }
}

extension StoreTransaction {
    /// Records an event together with the change that it tells of.
    @discardableResult
    public func record(_ event: EventDraft) throws -> StoredDocument { try insert(event.body(now: now)) }
}
