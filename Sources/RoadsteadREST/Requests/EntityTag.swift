import RoadsteadControl
import RoadsteadHTTP

/// `ETag` of a document: its revision, which `If-Match` goes by, and a digest of the very text, which
/// `If-None-Match` goes by: the same revision looks different to different callers.
struct EntityTag: Hashable, CustomStringConvertible {
    /// With its quotes.
    let description: String

    init(revision: Int64, text: [UInt8]) {
        description = "\"\(revision).\(String(Self.digest(text), radix: 16))\""
    }

    /// Of a document whose text is not part of the answer.
    init(revision: Int64) { description = "\"\(revision)\"" }

    /// FNV-1a: it has to tell versions of one document apart, and nobody gains by making two of them agree.
    private static func digest(_ text: [UInt8]) -> UInt64 {
        text.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    /// Whether the value of an `If-None-Match` header names this tag.
    func isNamed(in header: String) -> Bool {
        header.trimmingBlanks() == "*" || Self.tags(header).contains(description.filter { $0 != "\"" })
    }

    /// The meaning of an `If-Match` header; tags that are none of ours match nothing.
    static func condition(_ header: String?) -> RevisionCondition {
        guard let header, header.trimmingBlanks() != "*" else { return .any }
        let revisions = tags(header).compactMap { tag in
            Int64(tag.split(separator: ".", omittingEmptySubsequences: false)[0])
        }
        return .oneOf(Set(revisions))
    }

    /// Without quotes, marks of weakness, and the suffix that compression adds.
    private static func tags(_ header: String) -> [String] {
        header.split(separator: ",").map { part in
            var tag = part.trimmingBlanks()[...]
            if tag.hasPrefix("W/") { tag = tag.dropFirst(2) }
            let text = tag.filter { $0 != "\"" }
            return text.hasSuffix(compressed) ? String(text.dropLast(compressed.count)) : text
        }
    }

    private static let compressed = "-gzip"

    /// The tag of the same document in a compressed answer: another text has another tag.
    static func whenCompressed(_ tag: String) -> String {
        tag.hasSuffix("\"") ? tag.dropLast() + compressed + "\"" : tag
    }
}
