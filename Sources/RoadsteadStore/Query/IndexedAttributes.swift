import RoadsteadBasics
import RoadsteadModel

/// Which attributes the store keeps beside the documents, so that filters on them read an index.
///
/// What is listed here is part of the file's format: a change needs a step of the schema that fills the tables anew.
enum IndexedAttributes {
    /// Kept in every row of `visibility`: short texts that listings are filtered and ordered by.
    static let covered = ["name", "state", "subtype", "method", "action", "category", "content-type", "timestamp"]

    /// Kept in `attribute_value`; those that few documents share come first, as candidates are taken from the first one
    /// that a filter names.
    static let listed: [FilterPath] = [
        "identifier", "credential", "parent", "content/resource/href", "target-resource/href", "path", "users", "user",
        "parents", "parent-path", "infrastructure-service", "name", "expiry", "timestamp", "content-type", "method",
        "subtype", "action", "category", "state",
    ]

    /// Kept as moments in one spelling, so that ranges of time are ranges of text.
    static let dates: Set<String> = ["timestamp", "expiry"]

    /// Longer texts are cut in `attribute_value` and marked as odd in `visibility`.
    static let maximumLength = 64

    static func column(_ name: String) -> String { name == "content-type" ? "content_type" : name }

    static func isCovered(_ path: FilterPath) -> Bool { path.names.count == 1 && covered.contains(path.names[0]) }

    /// Whether a filter on it needs no look into the documents, or into few of them.
    static func isIndexed(_ path: FilterPath) -> Bool {
        ["id", "resource-type", "created", "updated"].contains(path.description) || listed.contains(path)
    }
}
