import RoadsteadBasics
import RoadsteadControl
import RoadsteadHTTP

/// Keeps pages of other sites from acting with the cookie of who looks at them. `SameSite=Lax` lets it go along with a
/// link, actions take any method, and for the cookie another host of the same domain is no other site.
enum CrossSiteRules {
    /// Throws `forbidden` for a deed that a browser says another site asks for (`Sec-Fetch-Site`, Fetch Metadata). Programs
    /// do not send the header, and requests without a cookie carry nothing of anybody's.
    static func check(_ call: APICall, _ request: IncomingRequest) throws(RoadsteadError) {
        guard let site = request.header("Sec-Fetch-Site")?.lowercased(), ["cross-site", "same-site"].contains(site),
            !isHarmless(call, request.method), request.cookie(Authenticator.cookieName) != nil
        else { return }
        throw RoadsteadError(
            .forbidden, "'\(request.path.prefix(200))' was asked for by a page of another site, and nothing was done")
    }

    /// A login page may stand elsewhere. Reads by GET are answered, as other sites cannot read the answer; so are streams,
    /// and a console asks for its own page by `Origin`.
    private static func isHarmless(_ call: APICall, _ method: String) -> Bool {
        switch call {
        case .add(let type): type == "session"
        case .perform(let action, _): action.hasPrefix("stream/") || action == "stream"
        case .editEntryPoint, .bulkDelete, .bulkAction, .edit, .delete: false
        default: ["GET", "HEAD", "OPTIONS"].contains(method)
        }
    }
}
