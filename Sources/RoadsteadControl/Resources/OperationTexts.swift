import Synchronization

/// The `operations` that documents show, as text, by what they depend on: the type, the caller's claims, and the access
/// list. Documents share their lists, and callers come again.
///
/// What is kept follows from its key alone, so it never goes stale; it is bounded, and starts anew when it is full.
final class OperationTexts: Sendable {
    /// The members that are added to a document, split where its id goes; nil parts: not all may be seen.
    struct Entry: Sendable { let parts: [[UInt8]]? }

    /// Those of one type and one set of claims.
    final class Table: Sendable {
        private let entries = Mutex<[AccessText: Entry]>([:])

        func find(_ list: AccessText) -> Entry? { entries.withLock { $0[list] } }

        func remember(_ entry: Entry, for list: AccessText) {
            entries.withLock { entries in
                if entries.count >= 64 { entries = [:] }
                entries[list] = entry
            }
        }
    }

    private struct Key: Hashable {
        let type: String
        let claims: Set<String>
    }

    private let tables = Mutex<[Key: Table]>([:])

    func table(type: String, claims: Set<String>) -> Table {
        let key = Key(type: type, claims: claims)
        return tables.withLock { tables in
            if let table = tables[key] { return table }
            if tables.count >= 128 { tables = [:] }
            let table = Table()
            tables[key] = table
            return table
        }
    }
}

/// The text of an access list. It is hashed as a whole: a thousand times a second, bytes one by one would show.
struct AccessText: Hashable {
    let bytes: [UInt8]

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = Array(bytes) }

    func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }
}
