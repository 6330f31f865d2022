import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Tells who a request comes from by its cookie. A cookie that is missing, wrong or expired makes an anonymous request,
/// never an error.
public struct Authenticator: Sendable {
    public static let cookieName = SessionToken.cookieName

    private let context: ControlContext
    private let cache: SessionCache

    public init(context: ControlContext) {
        self.context = context
        cache = SessionCache(store: context.store)
    }

    /// `authnInfo` is the text of the header `nuvla-authn-info` and wins over the cookie; a text that is none makes an
    /// anonymous request. It proves nothing: give nil unless a trusted proxy sent it.
    public func requester(cookie: String?, authnInfo: String? = nil) async throws -> Requester {
        if let authnInfo { return Requester(authenticationHeader: authnInfo) ?? .anonymous }
        guard let token = cookie.flatMap(SessionToken.init), let entry = try await session(token),
            ConstantTime.equal(entry.tokenHash, token.secretHash), entry.expiry > context.clock.now
        else { return .anonymous }
        return entry.requester
    }

    private func session(_ token: SessionToken) async throws -> SessionCache.Entry? {
        if let entry = cache.find(token.identifier) { return entry }
        let ticket = cache.ticket()
        guard let id = ResourceID("session/" + token.identifier), let session = try await context.store.find(id),
            let entry = Self.entry(session)
        else { return nil }
        cache.remember(token.identifier, entry, ticket)
        return entry
    }

    /// nil for a session that is not whole. A key's scope that cannot be read opens nothing.
    private static func entry(_ session: StoredDocument) -> SessionCache.Entry? {
        guard let hash = session["token-hash"]?.stringValue, let user = session["user"]?.stringValue,
            let expiry = session["expiry"]?.stringValue.flatMap({ Instant(rfc3339: $0) })
        else { return nil }
        var scope: KeyScope?
        if let json = session["scope"] {
            guard let read = try? KeyScope(json: json) else { return nil }
            scope = read
        }
        let requester = Requester(
            userID: user, activeClaim: session["active-claim"]?.stringValue ?? user,
            claims: SessionClaims.read(session["roles"]?.stringValue ?? ""), session: session.id.description,
            scope: scope, key: session["credential"]?.stringValue)
        return SessionCache.Entry(tokenHash: hash, expiry: expiry, requester: requester)
    }
}
