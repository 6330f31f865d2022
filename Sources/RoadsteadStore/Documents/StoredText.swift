import RoadsteadBasics

/// A document as the text that is stored, for answers that pass it on as it is: compact JSON in UTF-8.
public struct StoredText: Sendable, Hashable {
    public let id: String
    public let revision: Int64
    public let bytes: [UInt8]

    /// A row of `SELECT id, revision, body`.
    static func read(_ row: SQLRow) -> StoredText {
        StoredText(id: row.text(0), revision: row.integer(1), bytes: row.bytes(2))
    }

    /// The document itself. Throws `internal` when it is damaged.
    public func document() throws -> StoredDocument {
        try DocumentRows.document(id, revision: revision, text: String(decoding: bytes, as: UTF8.self))
    }
}
