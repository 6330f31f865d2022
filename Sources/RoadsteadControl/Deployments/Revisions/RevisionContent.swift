import DockerAPI
import Foundation
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadModel
import RoadsteadStore

/// What a revision must hold to be brought back: the resolved stack with its secrets, and the module as it was.
///
/// It travels and is stored sealed: specs hold the values of variables, which are often passwords.
struct RevisionContent: Sendable {
    var stack: StackRevision
    var module: JSONObject
    /// The API key that the containers had then.
    var key: String?
    var keySecret: Redacted<String>?
    /// Marks of the logins that the nodes were given, by registry; nil in revisions of an older server.
    var logins: [String: String]?

    init(stack: StackRevision, deployment: StoredDocument, apiSecret: Redacted<String>?) {
        self.stack = stack
        module = deployment["module"]?.objectValue ?? [:]
        key = deployment["api-credentials"]?["api-key"]?.stringValue
        keySecret = apiSecret
    }

    // MARK: - Sealed

    func sealed(by sealer: Sealer, as id: ResourceID) throws -> String {
        let secrets = stack.secretContents.sorted { $0.key < $1.key }
            .map { ($0.key, JSONValue.string($0.value.exposed.base64EncodedString())) }
        var json: JSONObject = [
            "stack": .object(stack.json()), "secrets": .object(JSONObject(secrets)), "module": .object(module),
        ]
        json["logins"] = logins.map {
            .object(JSONObject($0.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
        }
        json["key"] = key.map(JSONValue.string)
        json["key-secret"] = keySecret.map { .string($0.exposed) }
        return try sealer.seal(JSONValue.object(json).serialized(), context: Sealer.context(id, "sealed"))
    }

    init(of revision: StoredDocument, sealer: Sealer) throws {
        guard let text = revision["sealed"]?.stringValue else { throw Self.damaged(revision.id) }
        try self.init(sealed: text, of: revision.id, sealer: sealer)
    }

    init(sealed text: String, of id: ResourceID, sealer: Sealer) throws {
        let bytes = try sealer.open(text, context: Sealer.context(id, "sealed"))
        guard let json = try? JSONValue.parse(bytes), let stack = json["stack"]?.objectValue else {
            throw Self.damaged(id)
        }
        var secrets: [String: Redacted<Data>] = [:]
        for (name, value) in json["secrets"]?.objectValue ?? [:] {
            secrets[name] = value.stringValue.flatMap { Data(base64Encoded: $0) }.map { Redacted($0) }
        }
        self.stack = try StackRevision(json: stack, secrets: secrets)
        module = json["module"]?.objectValue ?? [:]
        logins = json["logins"]?.objectValue.map { object in
            Dictionary(
                object.members.compactMap { name, mark in mark.stringValue.map { (name, $0) } },
                uniquingKeysWith: { $1 })
        }
        key = json["key"]?.stringValue
        keySecret = json["key-secret"]?.stringValue.map { Redacted($0) }
    }

    private static func damaged(_ id: ResourceID) -> RoadsteadError {
        RoadsteadError(.internal, "\(id) cannot be read: its content is damaged")
    }

    // MARK: - Brought back

    /// The stack with the API key of today in the place of the one of then, which a stop has ended.
    func restored(key current: String?, secret: Redacted<String>?) throws -> StackRevision {
        guard let key, let keySecret, let current, let secret, key != current, !keySecret.exposed.isEmpty else {
            return stack
        }
        let text = JSONValue.object(stack.json()).text()
            .replacing(keySecret.exposed, with: secret.exposed).replacing(key, with: current)
        guard let json = try JSONValue.parse(text).objectValue else { return stack }
        return try StackRevision(json: json, secrets: stack.secretContents)
    }
}
