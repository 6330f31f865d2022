import RoadsteadBasics

/// One of Exoscale's templates: an image that machines are made of.
struct ExoscaleTemplate: Sendable, Hashable {
    let id: String
    /// Exoscale's: `Linux Debian 12 (Bookworm) 64-bit`.
    let fullName: String
    let user: String
    /// RFC 3339.
    let created: String

    /// nil for what cannot be entered with an SSH key.
    init?(_ item: JSONValue) {
        guard let id = item["id"]?.stringValue, let name = item["name"]?.stringValue,
            item["ssh-key-enabled"]?.boolValue != false, let user = item["default-user"]?.stringValue, !user.isEmpty
        else { return nil }
        (self.id, fullName, self.user) = (id, name, user)
        created = item["created-at"]?.stringValue ?? ""
    }

    /// What people write: `debian-12`, `ubuntu-24.04`.
    var name: String { Self.short(fullName) }

    /// Without what all of them have, and the release's by-name.
    static func short(_ fullName: String) -> String {
        let words = fullName.split(separator: " ").prefix { !$0.hasPrefix("(") }
        return words.filter { !["Linux", "LTS", "64-bit"].contains($0) }.joined(separator: "-").lowercased()
    }

    func isMeant(by text: String) -> Bool { text.lowercased() == name || text == fullName || text == id }
}

extension [ExoscaleTemplate] {
    /// The newest of those that are meant.
    func newest(_ text: String) -> ExoscaleTemplate? {
        filter { $0.isMeant(by: text) }.max { ($0.created, $0.id) < ($1.created, $1.id) }
    }
}
