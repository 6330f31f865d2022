import Crypto
import Foundation
import RoadsteadBasics

/// Comparison that takes as long whatever differs.
package enum ConstantTime {
    static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    package static func equal(_ left: String, _ right: String) -> Bool { equal(Array(left.utf8), Array(right.utf8)) }
}

enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    static func decode(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { Array($0) } }

    /// For cookies: without the characters that need quoting.
    static func urlEncode(_ bytes: [UInt8]) -> String {
        String(encode(bytes).compactMap { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 == "=" ? nil : $0 })
    }
}

/// Random secrets of such length that a plain hash is enough to keep them.
enum SecretToken {
    static func hash(_ secret: String) -> String {
        Hexadecimal.text(Array(SHA256.hash(data: Array(secret.utf8))))
    }

    /// 256 bits for a cookie.
    static func make(_ ids: any IDSource) -> String { Base64.urlEncode(ids.makeRandomBytes(32)) }

    /// Characters that nobody takes for another: no 0 1 I O l o.
    private static let alphabet = Array("23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz")

    /// `count` characters of an alphabet of 56, each drawn without bias.
    static func readable(_ count: Int, _ ids: any IDSource) -> String {
        var characters: [Character] = []
        while characters.count < count {
            // 224 is the largest multiple of 56 that fits a byte; the bytes above it would favour some characters.
            characters += ids.makeRandomBytes(count).filter { $0 < 224 }.map { alphabet[Int($0) % alphabet.count] }
        }
        return String(characters.prefix(count))
    }

    /// The secret of an API key: five groups of six characters, 174 bits.
    static func apiKeySecret(_ ids: any IDSource) -> String {
        let text = readable(30, ids)
        return stride(from: 0, to: 30, by: 6).map { String(text.dropFirst($0).prefix(6)) }.joined(separator: ".")
    }

    /// What is hashed of an API key's secret: dots and whatever else slipped in while copying do not count.
    static func normalizedApiKeySecret(_ text: String) -> String { String(text.filter(alphabet.contains)) }
}

/// UUIDs derived from a name (RFC 4122 version 3 without a namespace): the dialect's way to make ids unique.
public enum NameBasedUUID {
    public static func make(_ name: String) -> String {
        var bytes = Array(Insecure.MD5.hash(data: Array(name.utf8)))
        bytes[6] = bytes[6] & 0x0F | 0x30
        bytes[8] = bytes[8] & 0x3F | 0x80
        let groups = [bytes[0..<4], bytes[4..<6], bytes[6..<8], bytes[8..<10], bytes[10..<16]]
        return groups.map { Hexadecimal.text(Array($0)) }.joined(separator: "-")
    }
}
