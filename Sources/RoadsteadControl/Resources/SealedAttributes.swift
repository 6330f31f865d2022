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
}

extension DocumentStore {
    /// A secret attribute in clear; nil when the document has none. Only what talks to an engine asks for it.
    public func opened(_ name: String, of document: StoredDocument) throws -> Redacted<String>? {
        guard let text = document[name]?.stringValue else { return nil }
        return try sealer.openText(text, context: Sealer.context(document.id, name))
    }
}
