import RoadsteadBasics

/// What the cookie holds: which session, and a secret that proves it. Opaque to clients.
struct SessionToken: Sendable {
    let identifier: String
    let secret: String

    static let cookieName = "com.com.sixsq.nuvla.cookie"
    /// From login or change of group; not prolonged by use.
    static let lifetime = Duration.seconds(7 * 86_400)

    init(identifier: String, secret: String) {
        self.identifier = identifier
        self.secret = secret
    }

    init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."))
        guard parts.count == 2, text.utf8.count <= 200 else { return nil }
        self.init(identifier: String(Substring(parts[0])), secret: String(Substring(parts[1])))
    }

    var text: String { identifier + "." + secret }
    var secretHash: String { SecretToken.hash(secret) }
}
