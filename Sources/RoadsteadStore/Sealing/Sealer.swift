import Crypto
import Foundation
import RoadsteadBasics

/// Seals secrets with AES-256-GCM (NIST SP 800-38D), a fresh random nonce each time.
///
/// The context (which document, which attribute) is authenticated but not stored: a sealed text that is moved elsewhere
/// does not open there. Format: `sealed:1:` and base64 of nonce (12 bytes), ciphertext and tag (16 bytes).
public struct Sealer: Sendable {
    private static let prefix = "sealed:1:"

    private let key: SymmetricKey

    public init(key: SealingKey) { self.key = key.key }

    public func seal(_ secret: [UInt8], context: String) throws -> String {
        do {
            let box = try AES.GCM.seal(secret, using: key, authenticating: Data(context.utf8))
            guard let combined = box.combined else { throw CryptoKitError.incorrectParameterSize }
            return Self.prefix + combined.base64EncodedString()
        } catch {
            throw RoadsteadError(.internal, "a secret could not be sealed", cause: error)
        }
    }

    public func seal(_ secret: String, context: String) throws -> String {
        try seal(Array(secret.utf8), context: context)
    }

    /// Throws invalidState when the text was sealed with another key or for another context, or was changed.
    public func open(_ sealed: String, context: String) throws -> [UInt8] {
        guard Self.isSealed(sealed), let data = Data(base64Encoded: String(sealed.dropFirst(Self.prefix.count))),
            let box = try? AES.GCM.SealedBox(combined: data),
            let secret = try? AES.GCM.open(box, using: key, authenticating: Data(context.utf8))
        else {
            throw RoadsteadError(
                .invalidState,
                "the secret of \(context) cannot be opened: it was sealed with another key or is damaged; enter it again"
            )
        }
        return Array(secret)
    }

    /// The secret as text; throws as `open`, and invalidState when it is no UTF-8.
    public func openText(_ sealed: String, context: String) throws -> Redacted<String> {
        guard let text = String(validating: try open(sealed, context: context), as: UTF8.self) else {
            throw RoadsteadError(.invalidState, "the secret of \(context) is no text; enter it again")
        }
        return Redacted(text)
    }

    /// A fingerprint (HMAC-SHA-256, hexadecimal) that tells whether two texts are the same, and nothing about a text to
    /// those who lack the key: what was hashed may hold a password.
    public func fingerprint(_ text: [UInt8]) -> String {
        Hexadecimal.text(Array(HMAC<SHA256>.authenticationCode(for: text, using: key)))
    }

    /// Whether the text has the form of a sealed secret.
    public static func isSealed(_ text: String) -> Bool { text.utf8.starts(with: prefix.utf8) }

    /// The context of an attribute of a document.
    public static func context(_ id: ResourceID, _ attribute: String) -> String { "\(id)#\(attribute)" }
}
