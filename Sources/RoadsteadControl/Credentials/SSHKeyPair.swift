import CryptoExtras
import NIOPosix
import RoadsteadBasics

/// A new RSA key pair of 3072 bits for SSH.
struct SSHKeyPair: Sendable {
    /// PKCS#1 in PEM, which OpenSSH reads as it is.
    let privateKey: Redacted<String>
    /// One line of `authorized_keys`.
    let publicKey: String

    /// Made on NIO's blocking threads: finding the primes takes up to seconds.
    static func generate() async throws -> SSHKeyPair {
        try await NIOThreadPool.singleton.runIfActive { try make() }
    }

    private static func make() throws -> SSHKeyPair {
        let key = try _RSA.Signing.PrivateKey(keySize: .bits3072)
        let numbers = try key.publicKey.getKeyPrimitives()
        let line = OpenSSHPublicKey.rsa(exponent: Array(numbers.publicExponent), modulus: Array(numbers.modulus))
        return SSHKeyPair(privateKey: Redacted(key.pemRepresentation), publicKey: line)
    }
}

/// The public key format of SSH (RFC 4253, section 6.6; integers as in RFC 4251, section 5).
enum OpenSSHPublicKey {
    /// Both numbers big-endian and positive.
    static func rsa(exponent: [UInt8], modulus: [UInt8]) -> String {
        let blob = field(Array("ssh-rsa".utf8)) + field(integer(exponent)) + field(integer(modulus))
        return "ssh-rsa " + Base64.encode(blob)
    }

    /// Without leading zeros, but one where the first bit would make it negative.
    private static func integer(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array(bytes.drop { $0 == 0 })
        return (digits.first ?? 0) >= 0x80 ? [0] + digits : digits
    }

    static func field(_ bytes: [UInt8]) -> [UInt8] {
        let count = UInt32(bytes.count)
        return [
            UInt8(truncatingIfNeeded: count >> 24), UInt8(truncatingIfNeeded: count >> 16),
            UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count),
        ] + bytes
    }
}
