import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Where a password may be sent: to the endpoint that its service had when the password was entered.
///
/// A login at a registry or a Helm repository gives the password away. Without this whoever may edit the service, or move
/// the credential to another one, would get it with the next check. Keys of S3 and TLS never leave by their use.
enum SecretBinding {
    static let attribute = "bound-endpoint"

    /// The credential as it is kept, after its password was entered.
    static func bound(_ credential: JSONObject, in store: DocumentStore) async throws -> JSONObject {
        guard discloses(credential) else { return credential }
        var bound = credential
        var endpoint: String?
        if let service = credential["parent"]?.stringValue.flatMap({ ResourceID($0) }) {
            endpoint = try await store.find(service)?["endpoint"]?.stringValue
        }
        bound[attribute] = .string(endpoint.map(ServiceURL.normalized) ?? "")
        return bound
    }

    /// Why the password must not be sent to the endpoint; nil when it may, as with one of an older server, which is bound
    /// by its next check.
    static func refusal(_ credential: StoredDocument, at endpoint: String) -> String? {
        guard discloses(credential.body), let bound = credential[attribute]?.stringValue,
            bound != ServiceURL.normalized(endpoint)
        else { return nil }
        return
            "the password of \(credential.id) was entered for \(bound.isEmpty ? "no service" : bound) and is not sent to "
            + "\(endpoint); enter it again when that is right"
    }

    /// Binds a password of an older server.
    static func bind(_ credential: inout JSONObject, to endpoint: String) {
        guard discloses(credential), credential[attribute] == nil else { return }
        credential[attribute] = .string(ServiceURL.normalized(endpoint))
    }

    private static func discloses(_ credential: JSONObject) -> Bool {
        [.registry, .helm].contains(CheckedCredential(credential))
    }
}
