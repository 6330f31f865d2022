import Logging
import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Seals the secret files that an older server kept in clear, in versions and in deployments; once for a store.
public enum SecretFileSealing {
    private static let mark = "secret-files-sealed"
    private static let batch = 100

    /// What fails is tried again at the next start; what is written anew is sealed in any case.
    public static func ensure(in context: ControlContext) async {
        do { try await run(in: context) } catch {
            context.logger.warning(
                "secret files of applications are not all sealed yet", metadata: ["error": "\(error)"])
        }
    }

    static func run(in context: ControlContext) async throws {
        let store = context.store
        guard try await store.write({ try $0.meta(mark) }) == nil else { return }
        let versions = try await seal(ResourceType.moduleApplication.name, path: [], in: store)
        let deployments = try await seal(ResourceType.deployment.name, path: ["module", "content"], in: store)
        // What was overwritten stands in the file until then.
        if versions + deployments > 0 { try await store.compact() }
        try await store.write { try $0.setMeta(mark, "1") }
    }

    /// `path`: where the content is in the document.
    private static func seal(_ type: String, path: [String], in store: DocumentStore) async throws -> Int {
        var query = DocumentQuery(
            type: type, filter: .notEqual(FilterPath(path + ["files", "file-name"]), .null), order: [.init("id")],
            last: batch)
        let (all, sealer) = (query.filter, store.sealer)
        var count = 0
        while true {
            let ids = try await store.query(query).documents.map(\.id)
            guard let last = ids.last else { return count }
            count += try await store.write { transaction in
                var changed = 0
                for id in ids {
                    guard let held = try transaction.find(id)?.body else { continue }
                    let sealed = try changing(held, at: path) { try SecretFiles.sealing($0, sealer: sealer) }
                    guard sealed != held else { continue }
                    try transaction.modify(id) { $0 = sealed }
                    changed += 1
                }
                return changed
            }
            query.filter = all.map { $0 && .compare("id", .greater, .string(last.description)) }
        }
    }

    private static func changing(
        _ object: JSONObject, at path: [String], _ change: (JSONObject) throws -> JSONObject
    ) rethrows -> JSONObject {
        guard let name = path.first else { return try change(object) }
        guard let inner = object[name]?.objectValue else { return object }
        var changed = object
        changed[name] = .object(try changing(inner, at: Array(path.dropFirst()), change))
        return changed
    }
}
