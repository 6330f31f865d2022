import RoadsteadBasics
import RoadsteadControl
import RoadsteadHTTP
import RoadsteadModel

/// Signing in and out.
enum SignInPage {
    struct Model: Sendable {
        /// Where to go on to afterwards.
        let target: String
        let username: String
        let message: String?
    }

    static let routes = [
        PageRoute("GET", "/sign-in", needsSession: false) { call in
            let target = localPath(call.fields["to"])
            return call.scope.requester.isAnonymous ? page(target: target) : .redirect(target)
        },
        PageRoute("POST", "/sign-in", needsSession: false) { try await signIn($0) },
        PageRoute("POST", "/sign-out") { try await signOut($0) },
        // For scripts of our pages, before they send a form: whether the session still lives, and its token.
        PageRoute("GET", "/session", needsSession: false) { call in
            call.scope.requester.isAnonymous
                ? .json(["signed-in": false]) : .json(["signed-in": true, "token": .string(call.token)])
        },
    ]

    /// Where somebody comes from who has no session, or whose session has ended. A form that was sent is not lost: the
    /// browser's way back has it still, and pages with script ask before they send.
    static func demanded(by call: PageCall) -> PageAnswer {
        if call.request.method != "POST" { return page(target: call.location) }
        return page(
            target: "/", status: 403,
            message:
                "Your session has ended, and nothing was done. Sign in in another tab, then go back and send the form again."
        )
    }

    private static func page(
        target: String, username: String = "", status: Int = 200, message: String? = nil
    ) -> PageAnswer {
        let model = Model(target: target, username: username, message: message)
        return .page(PageView(title: "Sign in", template: "sign-in", model: model, status: status))
    }

    private static func signIn(_ call: PageCall) async throws -> PageAnswer {
        let target = localPath(call.fields["to"])
        let username = call.fields["username"] ?? ""
        let template: JSONObject = [
            "href": "session-template/password", "username": .string(username),
            "password": .string(call.fields.raw("password") ?? ""),
        ]
        do {
            let answer = try await call.resources.add("session", ["template": .object(template)], in: call.scope)
            return .redirect(target, cookie: answer.cookie)
        } catch let error as RoadsteadError where error.code != .internal {
            let answer = ErrorAnswer(error)
            return page(
                target: target, username: username, status: answer.status, message: Words.sentence(answer.message))
        }
    }

    private static func signOut(_ call: PageCall) async throws -> PageAnswer {
        if let id = call.scope.requester.session.flatMap({ ResourceID($0) }) {
            _ = try await call.resources.delete(id, in: call.scope)
        }
        return .redirect("/sign-in", cookie: .revoke)
    }

    /// A path of this server: a link must not lead elsewhere after somebody has typed a password.
    static func localPath(_ text: String?) -> String {
        guard let text, text.hasPrefix("/"), !text.hasPrefix("//"), !text.contains("\\"),
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), text.utf8.count <= 2000
        else { return "/" }
        return text
    }
}

enum Words {
    /// With a large letter, unless an address begins it, and a full stop.
    static func sentence(_ text: String) -> String {
        let isAddress = text.prefix { $0 != " " }.contains("://")
        let text = isAddress ? text : text.prefix(1).uppercased() + text.dropFirst()
        return text.isEmpty || text.hasSuffix(".") || text.hasSuffix("!") || text.hasSuffix("?") ? text : text + "."
    }

    static func count(_ count: Int, _ one: String, _ many: String) -> String { "\(count) " + (count == 1 ? one : many) }
}
