import RoadsteadBasics

extension ResourceType {
    /// An e-mail address of somebody; its id is derived from the address, so that it is unique.
    public static let email = ResourceType(
        "email", description: "An e-mail address of somebody.",
        access: CollectionAccess(query: [Principal.user], add: [Principal.user], bulkDelete: [Principal.user]),
        verbs: [.add, .query, .retrieve, .delete, .bulkDelete],
        attributes: [
            Attribute("address", EmailAddress.kind, .required, description: "The address."),
            Attribute("validated", .boolean, .managed, description: "Whether it is known to be its owner's."),
        ],
        actions: [
            ResourceAction("validate", right: .manage, description: "Send a message that its owner confirms.")
        ])
}

/// The syntax of e-mail addresses, as far as it can be told without sending one.
public enum EmailAddress {
    static let kind = AttributeKind.token(rule: "an e-mail address such as ada@example.org", isWellFormed)

    /// One `@` between two parts without blanks, quotes or brackets; a domain of at least two labels; 254 bytes at most
    /// (RFC 5321 section 4.5.3.1.3).
    public static func isWellFormed(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.count <= 254, (1...64).contains(parts[0].utf8.count) else { return false }
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        return parts[0].utf8.allSatisfy(isLocalByte) && labels.count >= 2 && labels.allSatisfy(isLabel)
    }

    private static func isLocalByte(_ byte: UInt8) -> Bool {
        (33...126).contains(byte) && !Array("\"(),:;<>@[\\]".utf8).contains(byte) || byte >= 128
    }

    private static func isLabel(_ label: Substring) -> Bool {
        guard (1...63).contains(label.utf8.count), !label.hasPrefix("-"), !label.hasSuffix("-") else { return false }
        return label.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }
    }
}
