/// The principals that exist without anybody making them.
///
/// A principal is what an access list names: `user/<uuid>`, `group/<name>`, `session/<uuid>`, or the id of a resource
/// that acts on its own behalf, such as a deployment.
public enum Principal {
    /// Superusers: every access list names them.
    public static let admin = "group/nuvla-admin"
    /// Everybody who has logged in.
    public static let user = "group/nuvla-user"
    /// Everybody.
    public static let anonymous = "group/nuvla-anon"
    public static let edge = "group/nuvla-nuvlabox"
    public static let vpn = "group/nuvla-vpn"

    public static let builtInGroups = [admin, user, anonymous, edge, vpn]

    /// Lower-case letters or hyphens, a slash, then lower-case letters, digits or hyphens.
    public static func isWellFormed(_ text: String) -> Bool {
        guard text.utf8.count <= 256, let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) else { return false }
        let isTypeByte = { (byte: UInt8) in (97...122).contains(byte) || byte == UInt8(ascii: "-") }
        let type = text.utf8[..<slash]
        let identifier = text.utf8[slash...].dropFirst()
        return !type.isEmpty && !identifier.isEmpty && type.allSatisfy(isTypeByte)
            && identifier.allSatisfy { isTypeByte($0) || (48...57).contains($0) }
    }
}
