import Crypto
import Foundation
import RoadsteadBasics

/// A mark of what a secret file holds, by which one who has a file finds out whether it is the one that is kept.
///
/// HMAC-SHA-256 under the version of the application and the file's name: the same content has another mark elsewhere. Whoever
/// has the mark can try guesses on it, so it is shown only to those who may change the file.
public enum SecretFileDigest {
    /// - Parameter version: the id of the version's content.
    public static func make(_ content: String, name: String, version: String) -> String {
        let key = SymmetricKey(data: Data("\(version)#\(name)".utf8))
        return Hexadecimal.text(Array(HMAC<SHA256>.authenticationCode(for: Data(content.utf8), using: key)))
    }
}
