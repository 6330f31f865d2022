import DockerAPI
import RoadsteadBasics

/// One object of a stack and what a deployment does to it.
public struct PlanStep: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable { case network, config, secret, service }

    public enum Action: Hashable, Sendable {
        case create
        case update([FieldChange])
        case unchanged
        /// The engine is asked at apply whether the data are the same: it never gives a secret's data back.
        case check
        case remove

        public var name: String {
            switch self {
            case .create: "create"
            case .update: "update"
            case .unchanged: "unchanged"
            case .check: "check"
            case .remove: "remove"
            }
        }
    }

    /// What the engine gets. Redacted in a step, since a secret's data are among it.
    public enum Payload: Hashable, Sendable {
        case none
        case network(NetworkCreate)
        case file(FileSpec)
        case service(ServiceSpec)
    }

    public var kind: Kind
    /// The name on the Swarm.
    public var name: String
    public var action: Action
    /// Of the live object; nil when there is none.
    public var id: String?
    public var version: ObjectVersion?
    public var payload: Redacted<Payload>

    public init(
        _ kind: Kind, _ name: String, _ action: Action, id: String? = nil, version: ObjectVersion? = nil,
        payload: Payload = .none
    ) {
        self.kind = kind
        self.name = name
        self.action = action
        self.id = id
        self.version = version
        self.payload = Redacted(payload)
    }

    /// Whether applying it changes anything on the Swarm.
    public var isChange: Bool {
        switch action {
        case .unchanged, .check: false
        case .create, .update, .remove: true
        }
    }

    public var changes: [FieldChange] { if case .update(let changes) = action { changes } else { [] } }
}

extension PlanStep {
    public func json() -> JSONValue {
        var object: JSONObject = [
            "kind": .string(kind.rawValue), "name": .string(name), "action": .string(action.name),
        ]
        if !changes.isEmpty { object["changes"] = .array(changes.map { $0.json() }) }
        return .object(object)
    }

    /// For people: a sign and the name, then one line a changed field.
    public func lines() -> [String] {
        let sign =
            switch action {
            case .create: "+"
            case .update: "~"
            case .unchanged, .check: "="
            case .remove: "-"
            }
        return ["\(sign) \(kind.rawValue) \(name)"] + changes.map { "    \($0)" }
    }
}
