import RoadsteadBasics
import RoadsteadClient

/// One server that the user has logged in to, with what lets them in.
struct ServerContext: Sendable, Equatable {
    var server: ServerAddress
    /// Who is logged in, for people.
    var user: String?
    var cookie: Redacted<String>?
    var expiry: Instant?
    var apiKey: String?
    var apiSecret: Redacted<String>?
    /// PEM text of the authorities to trust, beyond which the system's are not asked.
    var certificateAuthorities: String?

    init(server: ServerAddress) { self.server = server }

    init(_ object: JSONObject) throws(RoadsteadError) {
        server = try ServerAddress(object.text("server"))
        user = object["user"]?.stringValue
        cookie = object["cookie"]?.stringValue.map(Redacted.init)
        expiry = object["expiry"]?.stringValue.flatMap { Instant(rfc3339: $0) }
        apiKey = object["api-key"]?.stringValue
        apiSecret = object["api-secret"]?.stringValue.map(Redacted.init)
        certificateAuthorities = object["ca"]?.stringValue
    }

    var object: JSONObject {
        var object: JSONObject = ["server": .string(server.description)]
        object["user"] = user.map(JSONValue.string)
        object["cookie"] = cookie.map { .string($0.exposed) }
        object["expiry"] = expiry.map { .string($0.description) }
        object["api-key"] = apiKey.map(JSONValue.string)
        object["api-secret"] = apiSecret.map { .string($0.exposed) }
        object["ca"] = certificateAuthorities.map(JSONValue.string)
        return object
    }

    /// The key and secret to log in with when there is no session, or no longer.
    var keyCredential: LoginCredential? {
        guard let apiKey, let apiSecret else { return nil }
        return .apiKey(key: apiKey, secret: apiSecret)
    }

    func hasSession(at now: Instant) -> Bool {
        guard cookie != nil else { return false }
        return expiry.map { $0 > now } ?? true
    }
}
