import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Tells who a request comes from by its cookie. A cookie that is missing, wrong or expired makes an anonymous request,
/// never an error.
public struct Authenticator: Sendable {
    public static let cookieName = SessionToken.cookieName

    private let context: ControlContext

    public init(context: ControlContext) { self.context = context }

    public func requester(cookie: String?) async throws -> Requester {
        guard let token = cookie.flatMap(SessionToken.init),
            let id = ResourceID("session/" + token.identifier), let session = try await context.store.find(id),
            let hash = session["token-hash"]?.stringValue, ConstantTime.equal(hash, token.secretHash),
            let expiry = session["expiry"]?.stringValue.flatMap({ Instant(rfc3339: $0) }), expiry > context.clock.now,
            let user = session["user"]?.stringValue
        else { return .anonymous }
        let claims = SessionClaims.read(session["roles"]?.stringValue ?? "")
        return Requester(
            userID: user, activeClaim: session["active-claim"]?.stringValue ?? user, claims: claims,
            session: id.description)
    }
}
