import RoadsteadBasics

/// What a backup holds.
public struct BackupSummary: Sendable, Hashable {
    public let documents: Int
    /// The format of the store's file; this Roadstead reads it when it knows the format.
    public let formatVersion: Int
    public let created: Instant
    /// The size of the file.
    public let bytes: Int64

    public init(documents: Int, formatVersion: Int, created: Instant, bytes: Int64) {
        self.documents = documents
        self.formatVersion = formatVersion
        self.created = created
        self.bytes = bytes
    }
}
