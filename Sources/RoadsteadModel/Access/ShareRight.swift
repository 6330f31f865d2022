/// What a person says about rights, and what it means in an access list.
public enum ShareRight: String, CaseIterable, Sendable {
    case view, use, edit, manage

    /// The rights that are written down; the server adds what they imply.
    public var rights: [String] {
        switch self {
        case .view: ["view-data"]
        case .use: ["view-data", "manage"]
        case .edit: ["edit-data", "manage"]
        case .manage: ["edit-acl"]
        }
    }

    /// The most that a principal may do by the lists that it stands in; nil when that is none of the four.
    public init?(granted rights: Set<String>) {
        if rights.contains("edit-acl") {
            self = .manage
        } else if rights.isSuperset(of: ["edit-data", "manage"]) {
            self = .edit
        } else if rights.isSuperset(of: ["view-data", "manage"]) {
            self = .use
        } else if rights.contains("view-data") {
            self = .view
        } else {
            return nil
        }
    }
}
