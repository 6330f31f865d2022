import Crypto
import Foundation
import RoadsteadBasics

extension SSHKeyPair {
    /// A new Ed25519 key pair (RFC 8709), made in no time.
    static func ed25519(comment: String) -> SSHKeyPair {
        let key = Curve25519.Signing.PrivateKey()
        let publicKey = Array(key.publicKey.rawRepresentation)
        let blob = OpenSSHPublicKey.field(Array("ssh-ed25519".utf8)) + OpenSSHPublicKey.field(publicKey)
        let file = OpenSSHPrivateKey.ed25519(
            seed: Array(key.rawRepresentation), publicKey: publicKey, blob: blob, comment: comment)
        return SSHKeyPair(
            privateKey: Redacted(file), publicKey: "ssh-ed25519 \(Data(blob).base64EncodedString()) \(comment)")
    }
}

/// OpenSSH's own file of a private key (PROTOCOL.key in its sources), without a passphrase.
enum OpenSSHPrivateKey {
    static func ed25519(seed: [UInt8], publicKey: [UInt8], blob: [UInt8], comment: String) -> String {
        let field = OpenSSHPublicKey.field
        // A number told twice shows who decrypts that it worked; without encryption any will do.
        let check: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 1]
        var secret = check + field(Array("ssh-ed25519".utf8)) + field(publicKey) + field(seed + publicKey)
        secret += field(Array(comment.utf8))
        secret += (1...8).prefix((8 - secret.count % 8) % 8)
        let none = field(Array("none".utf8))
        let head = Array("openssh-key-v1\0".utf8) + none + none + field([]) + [0, 0, 0, 1]
        return pem(head + field(blob) + field(secret))
    }

    private static func pem(_ bytes: [UInt8]) -> String {
        let text = Data(bytes).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return "-----BEGIN OPENSSH PRIVATE KEY-----\n\(text)\n-----END OPENSSH PRIVATE KEY-----\n"
    }
}
