import GRDB
import RoadsteadBasics
import RoadsteadModel

/// What the store keeps of a document's body in side tables: who may list it, the attributes that filters name most, and
/// its words. A pure function of the body, so that what was written for an old body can be found again.
struct DocumentIndex: Equatable {
    /// Where the document is filed.
    struct Place {
        let sequence: Int64
        let type: String
        let created: Int64
        let updated: Int64

        func updated(at moment: Instant) -> Place {
            Place(sequence: sequence, type: type, created: created, updated: moment.millisecondsSinceEpoch)
        }
    }

    let principals: Set<String>
    /// One for each of `IndexedAttributes.covered`.
    let covered: [SQLValue]
    let values: Set<ListedValue>
    let words: ExactText

    struct ListedValue: Hashable {
        let name: String
        /// Empty: the document holds something else than a plain text there, and must be looked into.
        let value: ExactText
    }

    init(_ body: JSONObject) {
        principals = DocumentBody.principals(body)
        covered = IndexedAttributes.covered.map { Self.covered(body[$0]) }
        values = Set(IndexedAttributes.listed.flatMap { Self.listed($0, in: body) })
        words = ExactText(FullText.words(of: body).joined(separator: " "))
    }

    private static func covered(_ value: JSONValue?) -> SQLValue {
        switch value {
        case nil, .null?: .null
        case .string(let text)? where text.utf8.count <= IndexedAttributes.maximumLength: .text(text)
        default: .odd
        }
    }

    private static func listed(_ path: FilterPath, in body: JSONObject) -> [ListedValue] {
        let isDate = IndexedAttributes.dates.contains(path.description)
        let values = path.values(in: body).filter { !$0.isNull }
        let listed = values.map { value in
            ListedValue(
                name: path.description, value: ExactText(value.stringValue.map { key($0, isDate: isDate) } ?? ""))
        }
        // Two bounds of a range may be met by two moments, neither of which lies within.
        return isDate && values.count > 1 ? listed + [ListedValue(name: path.description, value: "")] : listed
    }

    /// How a text is filed. Timestamps can be equal in many spellings: only date attributes hold them, in one spelling.
    static func key(_ text: String, isDate: Bool) -> String {
        let moment = Instant(rfc3339: text)
        if isDate { return moment.map(key) ?? "" }
        return moment == nil ? cut(text) : ""
    }

    /// A moment so that the order of texts is the order of time; those outside of the years 0 to 9999 lie at the ends.
    static func key(_ moment: Instant) -> String {
        if moment.millisecondsSinceEpoch < -62_167_219_200_000 { return " " }
        return moment.millisecondsSinceEpoch >= 253_402_300_800_000 ? "~" : moment.description
    }

    /// The beginning of a text, never half a character.
    static func cut(_ text: String) -> String {
        guard text.utf8.count > IndexedAttributes.maximumLength else { return text }
        return String(decoding: text.utf8.prefix(IndexedAttributes.maximumLength), as: UTF8.self)
    }
}

// MARK: - Writing

extension DocumentIndex {
    func insert(at place: Place, in database: Database) throws {
        for principal in principals { try grant(principal, at: place, in: database) }
        for value in values { try list(value, at: place, in: database) }
        guard !words.text.isEmpty else { return }
        try SQLReader.run(
            "INSERT INTO words (rowid, text) VALUES (?, ?)", [.integer(place.sequence), .text(words.text)], in: database
        )
    }

    func delete(at place: Place, in database: Database) throws {
        for principal in principals { try revoke(principal, at: place, in: database) }
        for value in values { try unlist(value, at: place, in: database) }
        guard !words.text.isEmpty else { return }
        try SQLReader.run("DELETE FROM words WHERE rowid = ?", [.integer(place.sequence)], in: database)
    }

    /// Takes the place of `old`; what has not changed is not written, but for the time of the update.
    func replace(_ old: DocumentIndex, at place: Place, in database: Database) throws {
        for principal in old.principals.subtracting(principals) { try revoke(principal, at: place, in: database) }
        for principal in principals { try grant(principal, at: place, in: database) }
        for value in old.values.subtracting(values) { try unlist(value, at: place, in: database) }
        for value in values.subtracting(old.values) { try list(value, at: place, in: database) }
        guard words != old.words else { return }
        let sequence = SQLValue.integer(place.sequence)
        try SQLReader.run("DELETE FROM words WHERE rowid = ?", [sequence], in: database)
        guard !words.text.isEmpty else { return }
        try SQLReader.run("INSERT INTO words (rowid, text) VALUES (?, ?)", [sequence, .text(words.text)], in: database)
    }

    private static let grantSQL: String = {
        let columns = IndexedAttributes.covered.map(IndexedAttributes.column)
        let marks = Array(repeating: "?", count: columns.count + 5).joined(separator: ", ")
        return """
            INSERT OR REPLACE INTO visibility (principal, type, created, document, updated, \
            \(columns.joined(separator: ", "))) VALUES (\(marks))
            """
    }()

    private func grant(_ principal: String, at place: Place, in database: Database) throws {
        let key: [SQLValue] = [
            .text(principal), .text(place.type), .integer(place.created), .integer(place.sequence),
            .integer(place.updated),
        ]
        try SQLReader.run(Self.grantSQL, key + covered, in: database)
    }

    private func revoke(_ principal: String, at place: Place, in database: Database) throws {
        try SQLReader.run(
            "DELETE FROM visibility WHERE principal = ? AND type = ? AND created = ? AND document = ?",
            [.text(principal), .text(place.type), .integer(place.created), .integer(place.sequence)], in: database)
    }

    private func list(_ value: ListedValue, at place: Place, in database: Database) throws {
        try SQLReader.run(
            "INSERT INTO attribute_value (type, name, value, document) VALUES (?, ?, ?, ?)",
            [.text(place.type), .text(value.name), .text(value.value.text), .integer(place.sequence)], in: database)
    }

    private func unlist(_ value: ListedValue, at place: Place, in database: Database) throws {
        try SQLReader.run(
            "DELETE FROM attribute_value WHERE type = ? AND name = ? AND value = ? AND document = ?",
            [.text(place.type), .text(value.name), .text(value.value.text), .integer(place.sequence)], in: database)
    }
}
