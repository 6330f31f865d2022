import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// The namespaces of attributes named `prefix:name`: each must be registered as a `data-record-key-prefix`.
struct KeyPrefixes {
    let store: DocumentStore

    /// Each costs a look into the store.
    static let maximumCount = 200

    /// Throws 406 that names the prefixes which nobody has registered.
    func check(_ body: JSONObject, of type: String) async throws {
        var unknown: [String] = []
        let prefixes = Self.prefixes(in: .object(body)).sorted()
        guard prefixes.count <= Self.maximumCount else {
            throw RoadsteadError(
                .invalidInput,
                "\(type) uses keys with \(prefixes.count) prefixes; it may use \(Self.maximumCount) at most")
        }
        for prefix in prefixes where try await !isRegistered(prefix) {
            unknown.append(prefix)
        }
        guard !unknown.isEmpty else { return }
        let names = unknown.prefix(10).map { $0.prefix(100) }.joined(separator: ", ")
        throw RoadsteadError(
            .invalidInput,
            "\(type) uses keys with undefined prefixes: \(names); an administrator registers one as a data-record-key-prefix",
            context: ["not-acceptable": names])
    }

    func isRegistered(_ prefix: String) async throws -> Bool {
        guard let id = ResourceID("data-record-key-prefix/" + prefix) else { return false }
        return try await store.find(id) != nil
    }

    /// Of keys at any depth, inside arrays too.
    static func prefixes(in value: JSONValue) -> Set<String> {
        switch value {
        case .object(let object):
            object.reduce(into: []) { found, member in
                if let colon = member.key.firstIndex(of: ":") { found.insert(String(member.key[..<colon])) }
                found.formUnion(prefixes(in: member.value))
            }
        case .array(let elements): elements.reduce(into: []) { $0.formUnion(prefixes(in: $1)) }
        default: []
        }
    }
}
