import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Registered prefixes: the prefix is the id, and neither prefix nor URI is registered twice.
struct DataRecordKeyPrefixRules: ResourceRules {
    let type = ResourceType.dataRecordKeyPrefix
    let isShownAsStored = true

    /// Everybody who has logged in must know which prefixes there are.
    func defaultAccess(_ body: JSONObject, in scope: RequestScope) -> AccessList {
        AccessList(owners: [Principal.admin], grants: [.viewACL: [Principal.user]])
    }

    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        let name = type.name
        let uri = body["uri"]?.stringValue ?? ""
        return ResourceDraft(body, identifier: body["prefix"]?.stringValue) { document, transaction in
            guard let id = document["id"]?.stringValue.flatMap({ ResourceID($0) }) else { return }
            let key = UniqueKey(type: name + " uri", key: uri)
            if let other = try transaction.find(key) {
                throw RoadsteadError(
                    .conflict, "the URI '\(uri)' is registered already, by \(other)",
                    context: ["resource-id": other.description])
            }
            try transaction.reserve(key, for: id)
        }
    }
}

/// Described keys of data records; the id is made from prefix and key, so that each is described once.
struct DataRecordKeyRules: ResourceRules {
    let type = ResourceType.dataRecordKey
    let isShownAsStored = true

    func draft(_ body: JSONObject, in scope: RequestScope) async throws -> ResourceDraft {
        let prefix = body["prefix"]?.stringValue ?? ""
        let name = prefix + ":" + (body["key"]?.stringValue ?? "")
        guard name.utf8.count <= Self.longestName else {
            throw RoadsteadError(
                .invalidInput,
                "'\(name.prefix(40))…' is too long: prefix, colon and key may have \(Self.longestName) bytes together")
        }
        if !prefix.isEmpty { try await KeyPrefixes(store: scope.store).check([name: .null], of: type.name) }
        return ResourceDraft(body, identifier: Self.identifier(of: name))
    }

    /// Two digits a byte make the id, and ids have 256 bytes.
    static let longestName = (256 - "data-record-key/".utf8.count) / 2

    /// The ASCII bytes of `prefix:key` in hexadecimal.
    static func identifier(of name: String) -> String { Hexadecimal.text(Array(name.utf8)) }
}
