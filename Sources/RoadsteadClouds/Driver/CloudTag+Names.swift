import Crypto
import RoadsteadBasics

extension CloudTag {
    /// Unlike every other cluster's and token's, and always the same: 64 hexadecimal digits.
    var digest: String {
        Hexadecimal.text(Array(SHA256.hash(data: Array("\(cluster)\u{0}\(token)".utf8))))
    }

    /// A name for where a cloud takes each only once, and readable: `prod-firewall-1f0c9a3b5d7e`.
    func uniqueName(_ name: String) -> String { name + "-" + digest.prefix(12) }
}

extension KeyedLock where Key == CloudTag {
    /// Runs `body` while no other runs for this cluster and token, so that one process never makes a thing twice.
    func alone<Value: Sendable>(
        _ tag: CloudTag, _ body: () async throws(CloudError) -> Value
    ) async throws(CloudError) -> Value {
        do {
            return try await withLock(CloudTag(cluster: tag.cluster, token: tag.token, name: "")) { _ in
                try await body()
            }
        } catch let error as CloudError {
            throw error
        } catch { throw CloudError(.cancelled, "cancelled") }
    }
}
