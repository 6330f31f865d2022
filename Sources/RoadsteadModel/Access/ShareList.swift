import RoadsteadBasics

/// An access list as the server shows it, on its way to being another one.
public struct ShareList: Sendable {
    public private(set) var json: JSONObject

    /// Throws forbidden when the document came without its list, which only those see who may share it.
    public init(_ document: JSONObject) throws(RoadsteadError) {
        guard let list = document["acl"]?.objectValue else {
            let id = document["id"]?.stringValue ?? "it"
            throw RoadsteadError(.forbidden, "you may not see with whom \(id) is shared, nor share it")
        }
        json = list
    }

    public var owners: [String] { Self.texts(json["owners"]) }

    /// Gives `principal` exactly this right, or none. Throws conflict for owners, who have every right anyway.
    public mutating func set(_ right: ShareRight?, for principal: String) throws(RoadsteadError) {
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
    public var rows: [JSONObject] {
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
