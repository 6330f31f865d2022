import Crypto
import DockerClient
import Foundation
import RoadsteadBasics

extension RegistryAuth {
    /// Tells whether two logins are the same, without being one. To be sealed where it is kept: a weak password could be
    /// guessed from it.
    var mark: String {
        let parts = [username ?? "", password?.exposed ?? "", identityToken?.exposed ?? ""]
        let digest = SHA256.hash(data: Data(parts.joined(separator: "\u{0}").utf8))
        return Data(digest).base64EncodedString()
    }
}
