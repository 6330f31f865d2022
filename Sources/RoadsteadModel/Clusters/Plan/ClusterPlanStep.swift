import RoadsteadBasics

/// One thing of a cluster and what applying the plan does to it.
public struct ClusterPlanStep: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable { case firewall, machine }

    public enum Action: Sendable, Hashable {
        case make
        /// Its making was begun, and is brought to its end.
        case finish
        /// Made in place of a machine that is dead and is removed then.
        case replace(String)
        case promote
        case demote
        /// Labels, or what the firewall lets in.
        case update([FieldChange])
        /// Drained, given another engine or another certificate for it, and made active again.
        case upgrade([FieldChange])
        case unchanged
        case remove

        public var name: String {
            switch self {
            case .make: "make"
            case .finish: "finish"
            case .replace: "replace"
            case .promote: "promote"
            case .demote: "demote"
            case .update: "update"
            case .upgrade: "upgrade"
            case .unchanged: "unchanged"
            case .remove: "remove"
            }
        }
    }

    public var kind: Kind
    /// Of the machine; `firewall` for the firewall.
    public var name: String
    public var action: Action
    /// Of a machine: what it is once the step is done, or was when it is removed.
    public var role: MachineRole?
    /// Why, where the action does not say it.
    public var note: String?
    /// What a new machine is made of; part of the plan's identifier.
    public var details: JSONObject

    init(
        _ kind: Kind, _ name: String, _ action: Action, _ role: MachineRole? = nil, note: String? = nil,
        details: JSONObject = [:]
    ) {
        (self.kind, self.name, self.action, self.role) = (kind, name, action, role)
        (self.note, self.details) = (note, details)
    }

    public var isChange: Bool { action != .unchanged }

    public var changes: [FieldChange] {
        switch action {
        case .update(let changes), .upgrade(let changes): changes
        case .make, .finish, .replace, .promote, .demote, .unchanged, .remove: []
        }
    }
}

extension ClusterPlanStep {
    public func json() -> JSONValue {
        var object: JSONObject = [
            "kind": .string(kind.rawValue), "name": .string(name), "action": .string(action.name),
        ]
        object["role"] = role.map { .string($0.rawValue) }
        if case .replace(let dead) = action { object["replaces"] = .string(dead) }
        if !changes.isEmpty { object["changes"] = .array(changes.map { $0.json() }) }
        if !details.isEmpty { object["details"] = .object(details) }
        object["note"] = note.map(JSONValue.string)
        return .object(object)
    }

    /// For people: a sign and the name, then one line a changed field.
    public func lines() -> [String] {
        var words: [String] = []
        switch action {
        case .promote: words.append("becomes a manager")
        case .demote: words.append("becomes a worker")
        case .upgrade: words.append("its engine is changed and starts anew, drained meanwhile")
        case .replace(let dead):
            words += [role?.rawValue, "in place of \(dead), which does not answer"].compactMap(\.self)
        case .make, .finish, .update, .unchanged, .remove: words += [role?.rawValue].compactMap(\.self)
        }
        words += details.members.compactMap { member in
            ["zone", "size", "host"].contains(member.key) ? member.value.stringValue.map { "\(member.key) \($0)" } : nil
        }
        if let note { words.append(note) }
        let remark = words.isEmpty ? "" : " (" + words.joined(separator: "; ") + ")"
        let title = kind == .firewall ? "firewall" : "machine \(name)"
        return ["\(sign) \(title)\(remark)"] + changes.map { "    \($0)" }
    }

    private var sign: String {
        switch action {
        case .make, .finish: "+"
        case .replace: "±"
        case .promote, .demote, .update, .upgrade: "~"
        case .unchanged: "="
        case .remove: "-"
        }
    }
}
