import Crypto
import RoadsteadBasics
import RoadsteadControl
import RoadsteadHTTP
import RoadsteadModel

/// Keeps other sites from sending our forms with the cookie of who looks at them.
enum ForgeryRules {
    /// The field of every form.
    static let field = "token"

    /// Derived from the cookie, which other sites cannot read: the same as long as the session lives, on any server that
    /// shares the store and after it was started anew, so that a form that is open for long can still be sent.
    static func token(cookie: String?) -> String {
        guard let cookie, !cookie.isEmpty else { return "" }
        let digest = SHA256.hash(data: Array(("roadstead form " + cookie).utf8))
        return Hexadecimal.text(Array(digest.prefix(16)))
    }

    /// Throws `forbidden` when a browser says that another site's page sent the form, or when its token is not the
    /// session's. A stranger has no session that could be misused, but must not be signed in by another site.
    static func check(_ call: PageCall) throws(RoadsteadError) {
        let site = call.request.header("Sec-Fetch-Site")?.lowercased()
        let isForeign = site == "cross-site" || site == "same-site"
        let isOurs =
            call.scope.requester.isAnonymous || ConstantTime.equal(call.fields.raw(field) ?? "", call.token)
        guard !isForeign, isOurs else {
            throw RoadsteadError(
                .forbidden,
                "this form does not belong to your session: nothing was done. Load the page again and send it anew")
        }
    }
}
