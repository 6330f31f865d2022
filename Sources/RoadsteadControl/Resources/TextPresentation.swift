import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Shows documents as the texts that are stored, with `operations` behind: the same answer as the long way through values,
/// for a tenth of the time. Only where nothing is hidden and nothing added; whoever may not see all gets the long way.
struct TextPresentation {
    private let rules: any ResourceRules
    private let scope: RequestScope
    /// Documents of one page tend to share their lists.
    private var known: [Known] = []

    private struct Known {
        let list: [UInt8]
        /// The members that `operations` adds, split where the document's id goes; nil: not all may be seen.
        let operations: [[UInt8]]?
    }

    private static let remembered = 8

    /// nil when the type's answers are not what is stored, or depend on more than the caller's rights.
    init?(_ rules: any ResourceRules, in scope: RequestScope) {
        guard rules.isShownAsStored, rules.type.concealed.isEmpty, scope.requester.scope == nil else { return nil }
        self.rules = rules
        self.scope = scope
    }

    /// The document as the caller sees it, in compact JSON. Throws `forbidden` when it may see nothing.
    mutating func text(_ stored: StoredText) throws -> [UInt8] {
        guard let range = JSONMemberRange.find("acl", in: stored.bytes), stored.bytes.last == UInt8(ascii: "}"),
            let operations = try operations(stored.bytes[range])
        else { return try longWay(stored) }
        guard !operations.isEmpty else { return stored.bytes }
        var bytes = stored.bytes
        bytes.removeLast()
        for (index, part) in operations.enumerated() {
            if index > 0 { bytes += stored.id.utf8 }
            bytes += part
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    private func longWay(_ stored: StoredText) throws -> [UInt8] {
        let document = try stored.document()
        let shown = try ResourceService.shown(document.body, by: rules, as: stored.id, in: scope)
        return JSONValue.object(shown).serialized()
    }

    private mutating func operations(_ list: ArraySlice<UInt8>) throws -> [[UInt8]]? {
        if let entry = known.first(where: { $0.list.count == list.count && $0.list.elementsEqual(list) }) {
            return entry.operations
        }
        let entry = Known(list: Array(list), operations: try made(for: JSONValue.parse(Array(list))))
        if known.count >= Self.remembered { known.removeFirst() }
        known.append(entry)
        return entry.operations
    }

    private func made(for list: JSONValue) throws -> [[UInt8]]? {
        let rights = scope.rights(on: ["acl": list])
        guard rights.contains(.viewACL) else { return nil }
        // No id holds this character.
        let place = "\u{1F}"
        let operations = OperationList(rules: rules, rights: rights, requester: scope.requester).json([:], id: place)
        guard !operations.isEmpty else { return [] }
        let text = ",\"operations\":" + JSONValue.array(operations).text()
        return text.split(separator: "\\u001f", omittingEmptySubsequences: false).map { Array($0.utf8) }
    }
}

/// A page of a listing whose documents are texts already.
public struct TextPage: Sendable {
    /// Everything but the documents.
    public let head: CollectionAnswer
    public let documents: [[UInt8]]

    /// The whole answer in compact JSON.
    public var bytes: [UInt8] {
        // `resources` is the last member, and empty in the head.
        let head = JSONValue.object(head.json).serialized().dropLast(2)
        var bytes = Array(head)
        bytes.reserveCapacity(documents.reduce(head.count + 2) { $0 + $1.count + 1 })
        for (index, document) in documents.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += document
        }
        return bytes + [UInt8(ascii: "]"), UInt8(ascii: "}")]
    }
}
