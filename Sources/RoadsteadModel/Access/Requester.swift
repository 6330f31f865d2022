/// Who asks, and for whom: the identity that every use case is done by.
///
/// `claims` decide what is allowed; `activeClaim` is the principal on whose behalf things are made (a user, or the
/// group that the session has switched to) and becomes their owner.
public struct Requester: Sendable, Hashable {
    public var userID: String?
    public var activeClaim: String
    public var claims: Set<String>
    /// The id of the session that the request came in, if it did.
    public var session: String?
    /// What the API key behind the session is kept to; nil for everything that the claims allow.
    public var scope: KeyScope?
    /// The id of that API key: what the request makes for later use rests on it.
    public var key: String?

    public init(
        userID: String?, activeClaim: String, claims: Set<String>, session: String? = nil, scope: KeyScope? = nil,
        key: String? = nil
    ) {
        self.userID = userID
        self.activeClaim = activeClaim
        self.claims = claims.union([Principal.anonymous])
        self.session = session
        self.scope = scope
        self.key = key
    }

    /// A caller that has not said who it is.
    public static let anonymous = Requester(userID: nil, activeClaim: Principal.anonymous, claims: [])

    /// The control plane itself: jobs, first start, consequences of a user's action.
    public static let system = Requester(userID: "internal", activeClaim: Principal.admin, claims: [Principal.admin])

    /// A logged-in user with the claims of a fresh session.
    public static func user(_ id: String, session: String? = nil) -> Requester {
        Requester(
            userID: id, activeClaim: id, claims: Set([id, Principal.user] + (session.map { [$0] } ?? [])),
            session: session)
    }

    public var isAdmin: Bool { claims.contains(Principal.admin) }
    public var isAnonymous: Bool { userID == nil }

    /// What `created-by` and `updated-by` say.
    public var author: String { userID ?? Principal.anonymous }
}

extension Requester {
    /// Whether the key behind the request is meant for this; rights are another matter and are checked apart. Logging in,
    /// looking at one's own session and ending it are always allowed.
    ///
    /// `verb` is a wire verb (`retrieve query add edit delete bulk-delete bulk-action`) or the name of an action; `id` is
    /// nil for collections.
    public func permits(_ verb: String, type: String, id: String?) -> Bool {
        guard let scope else { return true }
        if type == "session" {
            if id == nil, ["add", "query"].contains(verb) { return true }
            if id == session, ["retrieve", "delete"].contains(verb) { return true }
        }
        return scope.permits(verb, type: type, id: id)
    }

    /// The ids that listings of a type are kept to by the key's scope; nil when they are not.
    public func listedIdentifiers(of type: String) -> [String]? {
        type == "session" ? nil : scope?.identifiers(of: type)
    }
}
