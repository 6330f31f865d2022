import DockerAPI
import Foundation
import RoadsteadBasics

/// All that is needed to bring a stack back as it was: specs with their digests, networks, and configs and secrets with
/// their contents, under the names that they had on the Swarm.
///
/// References among them are by name, never by id: an object that was removed meanwhile is made anew.
public struct StackRevision: Hashable, Sendable {
    public var stack: String
    public var services: [DesiredService]
    public var networks: [NetworkCreate]
    public var configs: [FileSpec]
    /// Without data; see `secretContents`.
    public var secrets: [FileSpec]
    public var external: ExternalObjects
    public var spared: ExternalObjects
    /// By the secret's name on the Swarm; a secret that a driver keeps has none. To be sealed where it is stored.
    public var secretContents: [String: Redacted<Data>]

    /// - Parameter resolved: as `PreparedStack.desired`: names and images are final.
    public init(_ resolved: DesiredStack) {
        stack = resolved.name
        (services, networks, configs) = (resolved.services, resolved.networks, resolved.configs)
        (external, spared) = (resolved.external, resolved.spared)
        (secrets, secretContents) = ([], [:])
        for var secret in resolved.secrets {
            secretContents[secret.name] = secret.data.map { Redacted($0) }
            secret.data = nil
            secrets.append(secret)
        }
    }
}

extension DesiredStack {
    /// The stack of a revision: its digests are kept, and its objects keep their names.
    public init(_ revision: StackRevision) {
        self.init(
            name: revision.stack, services: revision.services, networks: revision.networks,
            configs: revision.configs,
            secrets: revision.secrets.map { secret in
                var secret = secret
                secret.data = revision.secretContents[secret.name]?.exposed
                return secret
            },
            external: revision.external)
        spared = revision.spared
        isExact = true
    }
}

// MARK: - JSON

extension StackRevision {
    /// For a store: everything but the secrets' contents. Specs are spelled as the Engine API does.
    ///
    /// Environment variables of services are in it as they are on the Swarm.
    public func json() -> JSONObject {
        [
            "stack": .string(stack),
            "services": .array(services.map { $0.json() }),
            "networks": .array(networks.map(WireJSON.value)),
            "configs": .array(configs.map(WireJSON.value)),
            "secrets": .array(
                secrets.map { ["spec": WireJSON.value($0), "has-content": .bool(secretContents[$0.name] != nil)] }),
            "external": external.json(), "spared": spared.json(),
        ]
    }

    /// Reads what `json()` wrote. Throws `internal` when it is something else, and when the content of a secret that had
    /// one is not given.
    public init(json: JSONObject, secrets contents: [String: Redacted<Data>]) throws(RoadsteadError) {
        guard let stack = json["stack"]?.stringValue else { throw Self.unreadable("stack") }
        self.stack = stack
        services = try Self.list(json, "services").map { row throws(RoadsteadError) in try DesiredService(json: row) }
        networks = try Self.list(json, "networks").map { row throws(RoadsteadError) in try WireJSON.read(row) }
        configs = try Self.list(json, "configs").map { row throws(RoadsteadError) in try WireJSON.read(row) }
        (secrets, secretContents) = ([], [:])
        // Revisions of an older server have no "spared".
        (external, spared) = (ExternalObjects(json["external"]), ExternalObjects(json["spared"]))
        for row in try Self.list(json, "secrets") {
            let secret: FileSpec = try WireJSON.read(row["spec"] ?? .null)
            secrets.append(secret)
            guard row["has-content"]?.boolValue == true else { continue }
            guard let content = contents[secret.name] else {
                throw RoadsteadError(.internal, "the content of secret \(secret.name) of a revision is not there")
            }
            secretContents[secret.name] = content
        }
    }

    private static func list(_ json: JSONObject, _ key: String) throws(RoadsteadError) -> [JSONValue] {
        guard let list = json[key]?.arrayValue else { throw unreadable(key) }
        return list
    }

    static func unreadable(_ what: String) -> RoadsteadError {
        RoadsteadError(.internal, "a recorded revision of a stack cannot be read (\(what))")
    }
}

extension ExternalObjects {
    fileprivate func json() -> JSONValue {
        ["networks": JSONValue(networks), "configs": JSONValue(configs), "secrets": JSONValue(secrets)]
    }

    fileprivate init(_ json: JSONValue?) {
        func names(_ key: String) -> [String] { json?[key]?.arrayValue?.compactMap(\.stringValue) ?? [] }
        self.init(networks: names("networks"), configs: names("configs"), secrets: names("secrets"))
    }
}

extension DesiredService {
    fileprivate func json() -> JSONValue {
        [
            "key": .string(key), "spec": WireJSON.value(spec),
            "dependencies": .array(
                dependencies.map {
                    [
                        "key": .string($0.key), "condition": .string($0.condition.rawValue),
                        "restart": .bool($0.restart), "required": .bool($0.required),
                    ]
                }),
        ]
    }

    fileprivate init(json: JSONValue) throws(RoadsteadError) {
        guard let key = json["key"]?.stringValue else { throw StackRevision.unreadable("key") }
        let dependencies = (json["dependencies"]?.arrayValue ?? []).compactMap { row -> ServiceDependency? in
            guard let key = row["key"]?.stringValue,
                let condition = row["condition"]?.stringValue.flatMap(ServiceDependency.Condition.init)
            else { return nil }
            return ServiceDependency(
                key: key, condition: condition, restart: row["restart"]?.boolValue ?? false,
                required: row["required"]?.boolValue ?? true)
        }
        self.init(key: key, spec: try WireJSON.read(json["spec"] ?? .null), dependencies: dependencies)
    }
}

/// Wire types as JSON values and back.
enum WireJSON {
    /// `null` for what has no JSON, which no wire type is.
    static func value(_ value: some Encodable) -> JSONValue {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        guard let data = try? encoder.encode(value) else { return .null }
        return (try? JSONValue.parse([UInt8](data))) ?? .null
    }

    static func read<Value: Decodable>(_ json: JSONValue) throws(RoadsteadError) -> Value {
        do { return try JSONDecoder().decode(Value.self, from: Data(json.serialized())) } catch {
            throw RoadsteadError(.internal, "a recorded revision of a stack cannot be read", cause: error)
        }
    }
}
