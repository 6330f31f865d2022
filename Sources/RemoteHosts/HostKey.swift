/// The public key by which a host is known: a type and its base64 text, as in OpenSSH's `known_hosts` (sshd(8)).
public struct HostKey: Sendable, Hashable, CustomStringConvertible {
    public let type: String
    public let base64: String

    /// Reads `TYPE BASE64 [COMMENT]`, and a line of `known_hosts`, whose names are left out. Nil for other text, for markers
    /// (`@revoked`) and comments.
    public init?(_ line: String) {
        let words = line.split { $0.isWhitespace }.map(String.init)
        guard let first = words.first, !first.hasPrefix("@"), !first.hasPrefix("#"),
            let index = words.prefix(2).firstIndex(where: Self.types.contains), index + 1 < words.count,
            Self.isBase64(words[index + 1])
        else { return nil }
        type = words[index]
        base64 = words[index + 1]
    }

    private static let types: Set<String> = [
        "ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
        "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
    ]

    private static func isBase64(_ text: String) -> Bool {
        text.utf8.count >= 16 && text.utf8.count <= 4096
            && text.utf8.allSatisfy {
                HostAddress.isLetterOrDigit($0)
                    || [UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "=")].contains($0)
            }
    }

    /// `TYPE BASE64`.
    public var description: String { "\(type) \(base64)" }
}

/// Which host keys a connection takes.
public enum HostKeyTrust: Sendable, Hashable {
    /// One of these and no other: told by the provider's console, or pinned at an earlier first contact.
    case known([HostKey])
    /// Whatever the host shows now. Read `RemoteHost.hostKeys()` afterwards, keep them, and use `.known` from then on.
    case firstContact
}
