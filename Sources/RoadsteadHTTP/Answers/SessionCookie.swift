import RoadsteadBasics
import RoadsteadControl

/// The header `Set-Cookie` that begins or ends a session. Out of reach for scripts, kept to encrypted ways where the
/// request came over one, and not sent along with other sites' forms.
package struct SessionCookie {
    private let cookie: ResourceAnswer.Cookie
    private let isSecure: Bool

    package init(_ cookie: ResourceAnswer.Cookie, isSecure: Bool) {
        self.cookie = cookie
        self.isSecure = isSecure
    }

    package var text: String {
        let attributes = "; Path=/; HttpOnly; SameSite=Lax" + (isSecure ? "; Secure" : "")
        switch cookie {
        case .set(let token, let expiry):
            return "\(Authenticator.cookieName)=\(token.exposed)\(attributes); Expires=\(HTTPDate.text(expiry))"
        case .revoke:
            let past = HTTPDate.text(Instant(millisecondsSinceEpoch: 0))
            return "\(Authenticator.cookieName)=INVALID\(attributes); Max-Age=0; Expires=\(past)"
        }
    }
}
