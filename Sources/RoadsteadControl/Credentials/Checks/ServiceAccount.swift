import RoadsteadBasics
import RoadsteadStore

/// A user name and password at a service that is spoken to over HTTP.
struct ServiceAccount: Sendable {
    let username: String
    let password: Redacted<String>

    init(username: String, password: Redacted<String>) {
        self.username = username
        self.password = password
    }

    init(_ credential: StoredDocument, store: DocumentStore) throws {
        self.init(
            username: credential["username"]?.stringValue ?? "",
            password: try store.opened("password", of: credential) ?? Redacted(""))
    }

    /// RFC 7617.
    var authorization: (name: String, value: String) {
        ("authorization", "Basic " + Base64.encode(Array("\(username):\(password.exposed)".utf8)))
    }
}

/// The address of a service as people write it.
enum ServiceURL {
    /// With a scheme (TLS is meant where none is said) and without slashes at its end.
    static func normalized(_ endpoint: String) -> String {
        var text = endpoint.contains("://") ? endpoint : "https://" + endpoint
        while text.hasSuffix("/") { text.removeLast() }
        return text
    }
}
