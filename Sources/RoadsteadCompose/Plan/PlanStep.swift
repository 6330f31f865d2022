import DockerAPI
import RoadsteadBasics

/// One object of a stack and what a deployment does to it.
public struct PlanStep: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case network, volume, config, secret, service
    }

    public enum Action: Hashable, Sendable {
        case create
        case update([FieldChange])
        /// Removed and made anew, since a Swarm cannot change it; only on request.
        case recreate([FieldChange])
        case unchanged
        /// The engine is asked at apply whether the data are the same: it never gives a secret's data back.
        case check
        case remove

        public var name: String {
            switch self {
            case .create: "create"
            case .update: "update"
            case .recreate: "recreate"
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
        /// The nodes, by id, on which it is removed.
        case volume(nodes: [String])
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
    /// Whether the service's tasks are replaced.
    public var isRolling = false
    /// Why, where the changes do not say it: `new content of shop_page`.
    public var note: String?

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
        case .create, .update, .recreate, .remove: true
        }
    }

    public var changes: [FieldChange] {
        switch action {
        case .update(let changes), .recreate(let changes): changes
        case .create, .unchanged, .check, .remove: []
        }
    }
}

extension PlanStep {
    public func json() -> JSONValue {
        var object: JSONObject = [
            "kind": .string(kind.rawValue), "name": .string(name), "action": .string(action.name),
        ]
        if !changes.isEmpty { object["changes"] = .array(changes.map { $0.json() }) }
        if isRolling { object["rolls"] = true }
        object["note"] = note.map(JSONValue.string)
        return .object(object)
    }

    /// For people: a sign and the name, then one line a changed field.
    public func lines() -> [String] {
        let sign =
            switch action {
            case .create: "+"
            case .update: "~"
            case .recreate: "±"
            case .unchanged, .check: "="
            case .remove: "-"
            }
        let words = [note, isRolling ? "tasks are replaced" : nil].compactMap(\.self)
        let remark = words.isEmpty ? "" : " (" + words.joined(separator: "; ") + ")"
        return ["\(sign) \(kind.rawValue) \(name)\(remark)"] + changes.map { "    \($0)" }
    }
}
