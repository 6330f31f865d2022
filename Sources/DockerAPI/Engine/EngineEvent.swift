import RoadsteadBasics

/// One line of `GET /events`.
public struct EngineEvent: Codable, Hashable, Sendable {
    public struct Actor: Codable, Hashable, Sendable {
        public var id: String
        /// For example `name`, `image`, `updatestate.new`.
        public var attributes: [String: String]?

        public init(id: String, attributes: [String: String]? = nil) {
            self.id = id
            self.attributes = attributes
        }

        enum CodingKeys: String, CodingKey {
            case id = "ID"
            case attributes = "Attributes"
        }
    }

    /// `service`, `node`, `secret`, `config`, `network`, `container`, `image`, `volume`, …
    public var type: String
    /// `create`, `update`, `remove`, `start`, `die`, …
    public var action: String
    public var actor: Actor
    /// `swarm` (the same at every manager) or `local`.
    public var scope: String?
    /// Nanoseconds since 1970.
    public var timeNano: Int64?

    public init(type: String, action: String, actor: Actor, scope: String? = nil, timeNano: Int64? = nil) {
        self.type = type
        self.action = action
        self.actor = actor
        self.scope = scope
        self.timeNano = timeNano
    }

    public var time: Instant? { timeNano.map { Instant(millisecondsSinceEpoch: $0 / 1_000_000) } }

    enum CodingKeys: String, CodingKey {
        case type = "Type"
        case action = "Action"
        case actor = "Actor"
        case scope
        case timeNano
    }
}
