import Foundation
import HTTPCalls
import Synchronization

extension AmazonEC2Driver {
    /// What the first boot printed on the console; empty until it has, and where the key may not read consoles.
    func hostKeys(of id: String) async throws(CloudError) -> [String] {
        if let known = hostKeys.withLock({ $0[id] }) { return known }
        let keys = ConsoleHostKeys.read(try await console(of: id))
        if !keys.isEmpty { hostKeys.withLock { $0[id] = keys } }
        return keys
    }

    /// `GetConsoleOutput`: the latest, or where the instance's type has no such thing, what EC2 kept.
    private func console(of id: String) async throws(CloudError) -> String {
        let query = EC2Query("GetConsoleOutput").with("InstanceId", id)
        let refusals: Set = ["UnauthorizedOperation", "AccessDenied", "InvalidInstanceID.NotFound"]
        let newest = try await ec2.send(
            query.with("Latest", "true"), excusing: refusals.union(["UnsupportedOperation", "Unsupported"]))
        var root = newest
        if root == nil { root = try await ec2.send(query, excusing: refusals) }
        let data = root?.text("output").flatMap { Data(base64Encoded: $0, options: .ignoreUnknownCharacters) }
        return data.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

/// The host keys that cloud-init prints on a console at the first boot.
enum ConsoleHostKeys {
    private static let types = [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa",
    ]

    /// Lines `TYPE KEY` of the last block; each may stand behind what the system logs before a line.
    static func read(_ console: String) -> [String] {
        var keys: [String]?
        var open: [String]?
        for line in console.split(whereSeparator: \.isNewline) {
            if line.contains("-----BEGIN SSH HOST KEY KEYS-----") {
                open = []
            } else if line.contains("-----END SSH HOST KEY KEYS-----") {
                keys = open ?? keys
                open = nil
            } else if let key = key(line) {
                open?.append(key)
            }
        }
        return keys ?? []
    }

    private static func key(_ line: Substring) -> String? {
        let words = line.split(whereSeparator: \.isWhitespace)
        guard let index = words.firstIndex(where: { types.contains(String($0)) }), index + 1 < words.count,
            let data = Data(base64Encoded: String(words[index + 1])), data.count > 16
        else { return nil }
        return "\(words[index]) \(words[index + 1])"
    }
}
