import RoadsteadBasics
import RoadsteadStore

/// What a driver acts with: the credential's document, and its secrets, opened one by one.
struct DriverSecrets: Sendable {
    /// nil: the specification names no credential.
    let credential: StoredDocument?
    let store: DocumentStore

    /// An attribute that is no secret; empty when there is none.
    func text(_ name: String) -> String { credential?[name]?.stringValue ?? "" }

    func find(_ name: String) throws -> Redacted<String>? { try credential.flatMap { try store.opened(name, of: $0) } }

    /// Throws `invalidState` when the credential lacks it.
    func opened(_ name: String) throws -> Redacted<String> {
        if let secret = try find(name) { return secret }
        let what = credential.map { "\($0.id) has no \(name)" } ?? "there is no credential, which would have \(name)"
        throw RoadsteadError(.invalidState, "\(what); set credential to one that has it")
    }

    /// Those of a driver that is a program: an object of texts.
    func all() throws -> [String: Redacted<String>] {
        guard let text = try find("secrets") else { return [:] }
        guard let object = try? JSONValue.parse(text.exposed).objectValue,
            object.allSatisfy({ $0.value.stringValue != nil })
        else {
            let id = credential?.id.description ?? "the credential"
            throw RoadsteadError(.invalidState, "the secrets of \(id) are not a JSON object of texts; enter them again")
        }
        return Dictionary(object.map { ($0.key, Redacted($0.value.stringValue ?? "")) }) { $1 }
    }
}
