import RoadsteadBasics

/// A document as the store holds it: the wire shape without `operations`, and the revision that guards its update.
public struct StoredDocument: Sendable, Hashable {
    public let id: ResourceID
    /// Counts the writes of this document, from 1. An update succeeds only on the revision that was read.
    public let revision: Int64
    /// Holds `id`, `resource-type`, `created`, `updated` and `acl` beside the type's own attributes. Sealed attributes
    /// are still sealed.
    public var body: JSONObject

    public init(id: ResourceID, revision: Int64, body: JSONObject) {
        self.id = id
        self.revision = revision
        self.body = body
    }

    public subscript(attribute: String) -> JSONValue? {
        get { body[attribute] }
        set { body[attribute] = newValue }
    }
}

/// News that a committed transaction changed one document.
public struct DocumentChange: Sendable, Hashable {
    public enum Kind: String, Sendable { case inserted, updated, deleted }

    public let id: ResourceID
    public let kind: Kind
    /// The revision now held; for a deletion the last one.
    public let revision: Int64
}
