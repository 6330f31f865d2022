import Crypto
import RoadsteadBasics

extension CloudTag {
    /// Unlike every other cluster's and token's, and always the same: 64 hexadecimal digits.
    var digest: String {
        Hexadecimal.text(Array(SHA256.hash(data: Array("\(cluster)\u{0}\(token)".utf8))))
    }

    /// A name for where a cloud takes each only once, and readable: `prod-firewall-1f0c9a3b5d7e`.
    func uniqueName(_ name: String) -> String { name + "-" + digest.prefix(12) }

    /// Cluster and token alone, by which a thing is known.
    var step: CloudTag { CloudTag(cluster: cluster, token: token, name: "") }
}
