import Crypto
import CryptoExtras
import Foundation
import NIOPosix
import RoadsteadBasics

/// A server's sealing key under a passphrase, as a text that may lie beside the store in a backup.
///
/// AES-256-GCM under a key made of the passphrase by scrypt (RFC 7914). The text is JSON: format, scrypt's parameters, the
/// salt, and nonce, ciphertext and tag in one, the last two in Base64.
public struct KeyEnvelope: Sendable {
    /// Shorter ones fall to guessing, whatever scrypt costs.
    public static let minimumPassphrase = 12

    private static let context = Data("roadstead key envelope 1".utf8)
    /// More memory than an envelope of ours asks for is not given to one that somebody made up.
    private static let maximumRounds = 1 << 20

    /// Throws `invalidInput` for a passphrase that is too short.
    public static func seal(
        _ key: Redacted<[UInt8]>, passphrase: Redacted<String>, cost: ScryptCost = .standard,
        ids: any IDSource = SystemIDSource()
    ) async throws -> String {
        guard passphrase.exposed.count >= minimumPassphrase else {
            throw RoadsteadError(
                .invalidInput, "the passphrase is too short; give at least \(minimumPassphrase) characters")
        }
        let salt = ids.makeRandomBytes(16)
        let wrapping = try await derive(passphrase, salt: salt, cost: cost)
        let box = try AES.GCM.seal(key.exposed, using: wrapping, authenticating: context)
        guard let sealed = box.combined else { throw RoadsteadError(.internal, "the key could not be sealed") }
        let object: JSONObject = [
            "format": 1, "rounds": JSONValue(cost.rounds), "block-size": JSONValue(cost.blockSize),
            "parallelism": JSONValue(cost.parallelism), "salt": .string(Base64.encode(salt)),
            "sealed": .string(sealed.base64EncodedString()),
        ]
        return JSONValue.object(object).text()
    }

    /// Throws `forbidden` for a wrong passphrase, `unsupported` for an envelope that is not of this form.
    public static func open(_ text: String, passphrase: Redacted<String>) async throws -> Redacted<[UInt8]> {
        let (cost, salt, sealed) = try read(text)
        let wrapping = try await derive(passphrase, salt: salt, cost: cost)
        guard let box = try? AES.GCM.SealedBox(combined: sealed),
            let key = try? AES.GCM.open(box, using: wrapping, authenticating: context)
        else {
            throw RoadsteadError(.forbidden, "the passphrase does not open the key of this backup")
        }
        return Redacted(Array(key))
    }

    private static func read(_ text: String) throws -> (cost: ScryptCost, salt: [UInt8], sealed: [UInt8]) {
        let object = (try? JSONValue.parse(text))?.objectValue ?? [:]
        let number = { (name: String) in object[name]?.integerValue.flatMap { Int(exactly: $0) } ?? 0 }
        let bytes = { (name: String) in object[name]?.stringValue.flatMap(Base64.decode) }
        let cost = ScryptCost(
            rounds: number("rounds"), blockSize: number("block-size"), parallelism: number("parallelism"))
        let isSane =
            (2...maximumRounds).contains(cost.rounds) && cost.rounds.nonzeroBitCount == 1
            && (1...16).contains(cost.blockSize) && (1...16).contains(cost.parallelism)
        guard object["format"] == 1, isSane, let salt = bytes("salt"), let sealed = bytes("sealed") else {
            throw RoadsteadError(.unsupported, "the key of this backup is in a form that this version does not know")
        }
        return (cost, salt, sealed)
    }

    /// On NIO's blocking threads: it takes tens of milliseconds by design.
    private static func derive(
        _ passphrase: Redacted<String>, salt: [UInt8], cost: ScryptCost
    ) async throws -> SymmetricKey {
        try await NIOThreadPool.singleton.runIfActive {
            try KDF.Scrypt.deriveKey(
                from: Array(passphrase.exposed.utf8), salt: salt, outputByteCount: 32, rounds: cost.rounds,
                blockSize: cost.blockSize, parallelism: cost.parallelism)
        }
    }
}
