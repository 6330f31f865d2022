import Foundation
import RoadsteadBasics
import RoadsteadClient

/// What opens a cluster's engines to their API: addresses, authority, and a client certificate of one's own.
struct EngineAccess: Sendable {
    /// `https://ADDRESS:2376` of a manager.
    var endpoint: String
    var authority: String
    var certificate: String
    var key: Redacted<String>

    static let port = 2376

    /// A new one, good for a year. Throws forbidden without the right to manage the cluster.
    static func issue(for cluster: ResourceID, _ client: APIClient) async throws(RoadsteadError) -> EngineAccess {
        let body = try await client.operation("engine-access", on: cluster).body
        guard let endpoint = body["endpoint"]?.stringValue, let authority = body["ca"]?.stringValue,
            let certificate = body["cert"]?.stringValue, let key = body["key"]?.stringValue
        else { throw RoadsteadError(.internal, "the server did not say how \(cluster)'s engines are reached") }
        return EngineAccess(endpoint: endpoint, authority: authority, certificate: certificate, key: Redacted(key))
    }

    /// In Docker's words.
    var dockerHost: String { Self.dockerHost(endpoint) }

    static func dockerHost(_ endpoint: String) -> String {
        endpoint.hasPrefix("https://") ? "tcp://" + endpoint.dropFirst(8) : endpoint
    }

    static func dockerHost(address: String) -> String {
        "tcp://" + (address.contains(":") ? "[\(address)]" : address) + ":\(port)"
    }

    /// Writes `ca.pem`, `cert.pem` and `key.pem`, as Docker names them, into a folder that only its owner can enter.
    func write(to folder: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            // The certificate last: its age tells whether all of them are good.
            for (name, text) in [("ca", authority), ("key", key.exposed), ("cert", certificate)] {
                try PrivateFile.write(Array(text.utf8), to: "\(folder)/\(name).pem")
            }
        } catch {
            throw RoadsteadError(
                .unavailable, "cannot write to \(folder): is the disk full, or the folder not yours?", cause: error)
        }
    }
}

/// Certificates that are kept between commands, so that not every new shell asks for another one.
enum EngineAccessFolder {
    /// Days for which a certificate of a year is used.
    private static let days = 30.0

    /// `$XDG_CONFIG_HOME/roadstead/engines/<cluster>`.
    static func path(of cluster: ResourceID, _ environment: [String: String]) -> String {
        let contexts = ContextsFile.path(environment) as NSString
        return contexts.deletingLastPathComponent + "/engines/" + cluster.identifier
    }

    /// The folder with certificates that the cluster's authority has signed lately.
    static func ensure(_ cluster: JSONObject, _ connection: Connection) async throws -> String {
        let id = try cluster.requireID()
        let folder = path(of: id, connection.console.environment)
        if isGood(folder, authority: cluster.text("authority"), now: Date()) { return folder }
        try await EngineAccess.issue(for: id, connection.client).write(to: folder)
        return folder
    }

    static func isGood(_ folder: String, authority: String, now: Date) -> Bool {
        let kept = try? String(contentsOfFile: folder + "/ca.pem", encoding: .utf8)
        let made = try? FileManager.default.attributesOfItem(atPath: folder + "/cert.pem")[.modificationDate] as? Date
        guard let kept, let made, kept.trimmed == authority.trimmed else { return false }
        return now.timeIntervalSince(made) < days * 86_400
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
