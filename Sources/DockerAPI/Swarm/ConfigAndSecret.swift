import Foundation
import RoadsteadBasics

/// What a Swarm config or secret should be (`ConfigSpec` and `SecretSpec` of the Engine API have these members).
///
/// `data` is base64 on the wire (1000 KiB at most for configs, 500 KiB for secrets); the engine never gives a secret's
/// back.
public struct FileSpec: Codable, Hashable, Sendable {
    public var name: String
    public var labels: [String: String]?
    public var data: Data?
    /// A plugin that keeps the data elsewhere.
    public var driver: LogDriver?
    /// How the data is expanded: `golang`.
    public var templating: LogDriver?

    public init(
        name: String, labels: [String: String]? = nil, data: Data? = nil, driver: LogDriver? = nil,
        templating: LogDriver? = nil
    ) {
        self.name = name
        self.labels = labels
        self.data = data
        self.driver = driver
        self.templating = templating
    }

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case labels = "Labels"
        case data = "Data"
        case driver = "Driver"
        case templating = "Templating"
    }
}

/// A Swarm config (`GET /configs`).
public struct SwarmConfig: Codable, Hashable, Sendable {
    public var id: String
    public var version: ObjectVersion
    public var createdAt: Instant?
    public var updatedAt: Instant?
    public var spec: FileSpec

    public init(id: String, version: ObjectVersion, spec: FileSpec) {
        self.id = id
        self.version = version
        self.spec = spec
    }

    enum CodingKeys: String, CodingKey {
        case id = "ID"
        case version = "Version"
        case createdAt = "CreatedAt"
        case updatedAt = "UpdatedAt"
        case spec = "Spec"
    }
}

/// A Swarm secret (`GET /secrets`), without its data.
public struct SwarmSecret: Codable, Hashable, Sendable {
    public var id: String
    public var version: ObjectVersion
    public var createdAt: Instant?
    public var updatedAt: Instant?
    public var spec: FileSpec

    public init(id: String, version: ObjectVersion, spec: FileSpec) {
        self.id = id
        self.version = version
        self.spec = spec
    }

    enum CodingKeys: String, CodingKey {
        case id = "ID"
        case version = "Version"
        case createdAt = "CreatedAt"
        case updatedAt = "UpdatedAt"
        case spec = "Spec"
    }
}
