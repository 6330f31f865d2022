import RoadsteadBasics
import RoadsteadCompose

/// The secret files of a version as the server shows them: their names, and, to those who may edit, digests.
struct SecretFileDigests: Sendable {
    let digests: [String: String]
    /// Of which the server does not say whether they are the same.
    let undisclosed: Set<String>

    init(_ content: JSONObject) {
        let pairs = (content["secret-files"]?.arrayValue ?? []).compactMap { entry in
            entry["file-name"]?.stringValue.map { ($0, entry["digest"]?.stringValue) }
        }
        digests = Dictionary(pairs.compactMap { name, digest in digest.map { (name, $0) } }, uniquingKeysWith: { $1 })
        undisclosed = Set(pairs.filter { $0.1 == nil }.map(\.0))
    }

    /// Those that files on disk would have as parts of the version `content`.
    init(_ files: [String: String], of content: JSONObject) {
        let version = content["id"]?.stringValue ?? ""
        digests = Dictionary(
            uniqueKeysWithValues: files.map {
                ($0.key, SecretFileDigest.make($0.value, name: $0.key, version: version))
            })
        undisclosed = []
    }
}
