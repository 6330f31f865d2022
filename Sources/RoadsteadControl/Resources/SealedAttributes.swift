import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

extension RequestScope {
    /// Seals the secret attributes among `values`; each is bound to its resource and name, so that a sealed text moved
    /// elsewhere cannot be opened.
    func sealed(_ values: JSONObject, type: ResourceType, id: ResourceID) throws -> JSONObject {
        var sealed = values
        for name in type.names(with: .secret) {
            guard let secret = values[name]?.stringValue else { continue }
            sealed[name] = .string(try store.sealer.seal(secret, context: Sealer.context(id, name)))
        }
        return sealed
    }

    /// The secrets of a document in clear, for one who may edit its access list by a claim of its own: being an
    /// administrator is not enough. Empty for everybody else. Only the answer to a single read may hold them.
    func ownSecrets(of document: StoredDocument, type: ResourceType) throws -> JSONObject {
        let names = type.names(with: .secret)
        guard !names.isEmpty else { return [:] }
        let claims = requester.claims.subtracting([Principal.admin])
        guard AccessList.rights(on: document.body, of: claims).contains(.editACL) else { return [:] }
        var secrets = JSONObject()
        for name in names.sorted() {
            secrets[name] = try store.opened(name, of: document).map { .string($0.exposed) }
        }
        return secrets
    }
}

extension DocumentStore {
    /// A secret attribute in clear; nil when the document has none. Only what talks to an engine asks for it.
    public func opened(_ name: String, of document: StoredDocument) throws -> Redacted<String>? {
        guard let text = document[name]?.stringValue else { return nil }
        return try sealer.openText(text, context: Sealer.context(document.id, name))
    }
}
