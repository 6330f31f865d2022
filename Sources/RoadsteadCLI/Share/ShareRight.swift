import ArgumentParser
import RoadsteadBasics

/// What a person says about rights, and what it means in an access list.
enum ShareRight: String, ExpressibleByArgument, CaseIterable, Sendable {
    case view, use, edit, manage

    /// The rights that are written down; the server adds what they imply.
    var rights: [String] {
        switch self {
        case .view: ["view-data"]
        case .use: ["view-data", "manage"]
        case .edit: ["edit-data", "manage"]
        case .manage: ["edit-acl"]
        }
    }

    /// The most that a principal may do by the lists that it stands in; nil when that is none of the four.
    init?(granted rights: Set<String>) {
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

/// An access list as the server shows it, on its way to being another one.
struct ShareList: Sendable {
    private(set) var json: JSONObject

    /// Throws forbidden when the document came without its list, which only those see who may share it.
    init(_ document: JSONObject) throws(RoadsteadError) {
        guard let list = document["acl"]?.objectValue else {
            throw RoadsteadError(.forbidden, "you may not see with whom \(document.text("id")) is shared, nor share it")
        }
        json = list
    }

    var owners: [String] { Self.texts(json["owners"]) }

    /// Gives `principal` exactly this right, or none. Throws conflict for owners, who have every right anyway.
    mutating func set(_ right: ShareRight?, for principal: String) throws(RoadsteadError) {
        guard !owners.contains(principal) else {
            throw RoadsteadError(.conflict, "\(principal) is an owner, who has every right")
        }
        for (name, value) in json.members where name != "owners" {
            let rest = Self.texts(value).filter { $0 != principal }
            // A conditional expression would make of nil a JSON null, which the server refuses.
            if rest.isEmpty { json[name] = nil } else { json[name] = JSONValue(rest) }
        }
        for name in right?.rights ?? [] { json[name] = JSONValue(Self.texts(json[name]) + [principal]) }
    }

    /// Who may do what, owners first; the administrators, who stand in every list, are left out.
    var rows: [JSONObject] {
        var rights: [String: Set<String>] = [:]
        for (name, value) in json.members where name != "owners" {
            for principal in Self.texts(value) where principal != "group/nuvla-admin" {
                rights[principal, default: []].insert(name)
            }
        }
        let owned = owners.map { Self.row($0, "owner", []) }
        return owned
            + rights.sorted { $0.key < $1.key }.map { principal, granted in
                Self.row(principal, ShareRight(granted: granted)?.rawValue ?? "other", granted)
            }
    }

    private static func row(_ principal: String, _ right: String, _ granted: Set<String>) -> JSONObject {
        ["id": .string(principal), "right": .string(right), "rights": JSONValue(granted.sorted())]
    }

    private static func texts(_ value: JSONValue?) -> [String] { value?.arrayValue?.compactMap(\.stringValue) ?? [] }
}
