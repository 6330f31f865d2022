import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Shows documents as the texts that are stored, with `operations` behind: the same answer as the long way through values,
/// for a tenth of the time. Only where nothing is hidden and nothing added; whoever may not see all gets the long way.
struct TextPresentation {
    private let rules: any ResourceRules
    private let scope: RequestScope
    private let known: OperationTexts.Table

    /// nil when the type's answers are not what is stored, or depend on more than the caller's rights.
    init?(_ rules: any ResourceRules, in scope: RequestScope, known: OperationTexts) {
        guard rules.isShownAsStored, rules.type.concealed.isEmpty, rules.type.concealedPaths.isEmpty,
            scope.requester.scope == nil
        else { return nil }
        self.rules = rules
        self.scope = scope
        self.known = known.table(type: rules.type.name, claims: scope.requester.claims)
    }

    /// The access list that was met last, and its operations: the documents of a page tend to share theirs.
    private typealias Last = (list: AccessText, operations: [[UInt8]]?)

    /// Appends the document as the caller sees it, in compact JSON. Throws `forbidden` when it may see nothing.
    private func write(_ stored: StoredText, to bytes: inout [UInt8], _ last: inout Last?) throws {
        guard let range = JSONMemberRange.find("acl", in: stored.bytes), stored.bytes.last == UInt8(ascii: "}"),
            let operations = try operations(stored.bytes[range], &last)
        else { return bytes += try longWay(stored) }
        guard !operations.isEmpty else { return bytes += stored.bytes }
        // Not `dropLast()`: beside `+=` that is a sequence's, which copies byte by byte.
        bytes += stored.bytes[..<(stored.bytes.count - 1)]
        for (index, part) in operations.enumerated() {
            if index > 0 { bytes += stored.id.utf8 }
            bytes += part
        }
        bytes.append(UInt8(ascii: "}"))
    }

    func text(_ stored: StoredText) throws -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(stored.bytes.count + Self.room)
        var last: Last?
        try write(stored, to: &bytes, &last)
        return bytes
    }

    /// A page of a listing: what stands around the documents, and they.
    func text(_ documents: [StoredText], in page: CollectionAnswer) throws -> [UInt8] {
        // `resources` is the last member, and empty in the page.
        let head = JSONValue.object(page.json).serialized()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(documents.reduce(head.count) { $0 + $1.bytes.count + Self.room })
        bytes += head[..<(head.count - 2)]
        var last: Last?
        for (index, document) in documents.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            try write(document, to: &bytes, &last)
        }
        bytes += [UInt8(ascii: "]"), UInt8(ascii: "}")]
        return bytes
    }

    /// What operations tend to add to a document.
    private static let room = 512

    private func longWay(_ stored: StoredText) throws -> [UInt8] {
        let document = try stored.document()
        let shown = try ResourceService.shown(document.body, by: rules, as: stored.id, in: scope)
        return JSONValue.object(shown).serialized()
    }

    private func operations(_ text: ArraySlice<UInt8>, _ last: inout Last?) throws -> [[UInt8]]? {
        if let last, last.list.bytes[...] == text { return last.operations }
        let list = AccessText(text)
        let operations = try operations(list)
        last = (list, operations)
        return operations
    }

    private func operations(_ list: AccessText) throws -> [[UInt8]]? {
        if let entry = known.find(list) { return entry.parts }
        let parts = try made(for: JSONValue.parse(list.bytes))
        known.remember(OperationTexts.Entry(parts: parts), for: list)
        return parts
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
