import HTTPCalls
import RoadsteadBasics

/// A bucket as a store lists it.
public struct S3Bucket: Sendable, Hashable {
    public let name: String
    public let created: Instant?
}

/// What is known of an object without reading it (`HEAD`).
public struct S3ObjectFacts: Sendable, Hashable {
    public let size: Int64?
    public let contentType: String?
    /// The entity tag without its quotes; the MD5 sum of objects that were put in one piece.
    public let tag: String?
}

/// Reads the answer to `ListBuckets`.
enum BucketList {
    /// nil when the bytes are no such answer.
    static func read(_ bytes: [UInt8]) -> [S3Bucket]? {
        guard let list = XMLElement(bytes), list.name == "ListAllMyBucketsResult" else { return nil }
        return (list["Buckets"]?.all("Bucket") ?? []).compactMap { bucket in
            guard let name = bucket.text("Name") else { return nil }
            return S3Bucket(name: name, created: bucket.text("CreationDate").flatMap { Instant(rfc3339: $0) })
        }
    }
}
