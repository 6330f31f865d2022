import Crypto
import Foundation

extension HostKey {
    /// As `ssh-keygen -lf` shows it: `SHA256:` and base64 without padding. Nil for text that is no base64.
    public var fingerprint: String? {
        guard let blob = Data(base64Encoded: base64) else { return nil }
        let digest = Data(SHA256.hash(data: blob)).base64EncodedString()
        return "SHA256:" + digest.prefix { $0 != "=" }
    }
}

/// Which key a host showed instead of which.
struct HostKeyMismatch {
    let shown: String?
    let known: [String]

    /// `text`: what OpenSSH's client wrote. It names the key that was shown only where another of its kind is known.
    init(shownIn text: String, login: HostLogin) {
        shown = text.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("SHA256:") }
            .map { String($0.last == "." ? $0.dropLast() : $0) }
        var keys: [HostKey] = []
        for trust in [login.trust, login.jump?.trust].compactMap(\.self) {
            if case .known(let some) = trust { keys += some }
        }
        known = keys.compactMap(\.fingerprint)
    }

    /// To follow a sentence.
    var words: String {
        let parts = [
            shown.map { "it shows \($0)" }, known.isEmpty ? nil : "known is \(known.joined(separator: ", "))",
        ].compactMap(\.self)
        return parts.isEmpty ? "" : "; " + parts.joined(separator: ", ")
    }
}
