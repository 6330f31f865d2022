import RoadsteadBasics
import RoadsteadStore

/// The secrets of a cluster: sealed in its document, opened for a moment, never part of an answer of the uniform kind.
enum ClusterSecrets {
    static let authorityKey = "authority-key"
    static let sshKey = "ssh-private-key"
    static let autolockKey = "autolock-key"

    static func seal(
        _ secret: Redacted<String>, _ name: String, of id: ResourceID, by sealer: Sealer
    ) throws -> JSONValue {
        .string(try sealer.seal(secret.exposed, context: Sealer.context(id, name)))
    }

    /// Throws `invalidState` before there is one.
    static func authority(of cluster: ResourceID, in store: DocumentStore) async throws -> ClusterAuthority {
        let document = try await store.get(cluster)
        guard let certificate = document["authority"]?.stringValue,
            let key = try store.opened(authorityKey, of: document)
        else { throw RoadsteadError(.invalidState, "\(cluster) has no authority yet; create it first") }
        return try ClusterAuthority(certificate: certificate, key: key)
    }
}
