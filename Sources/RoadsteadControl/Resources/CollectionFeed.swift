import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// The documents of a collection that are made or changed from some moment on, as far as the caller may see them and
/// its filter wants them: each in its newest state, at least once, in the order of their changes.
///
/// Nothing is lost to a slow reader or a broken connection: the store itself is asked each time, from the last place on.
/// A document that is removed is not told.
public struct CollectionFeed: Sendable {
    /// A document, and the place behind it: what a reader names to go on from there.
    public struct Item: Sendable {
        public let place: String
        public let document: JSONObject
    }

    private static let batch = 100

    private let rules: any ResourceRules
    private let query: DocumentQuery
    private let select: [String]?
    private let scope: RequestScope
    private var since: Instant
    /// Revisions told already of documents whose change bears the moment `since`.
    private var told: [ResourceID: Int64]

    init(
        rules: any ResourceRules, query: DocumentQuery, select: [String]?, after place: String?, in scope: RequestScope
    ) throws(RoadsteadError) {
        self.rules = rules
        self.query = query
        self.select = select
        self.scope = scope
        (since, told) = try Self.start(place, now: scope.now)
    }

    /// A place is `<milliseconds>.<revision>.<id>`.
    private static func start(
        _ place: String?, now: Instant
    ) throws(RoadsteadError) -> (Instant, [ResourceID: Int64]) {
        guard let place, !place.isEmpty else { return (now, [:]) }
        let parts = place.split(separator: ".", maxSplits: 2)
        guard parts.count == 3, let moment = Int64(parts[0]), let revision = Int64(parts[1]),
            let id = ResourceID(parts[2]), (0...253_402_300_799_999).contains(moment)
        else {
            throw RoadsteadError(
                .invalidInput, "Last-Event-ID '\(place.prefix(100))' is none of this stream; leave it out to begin now")
        }
        return (Instant(millisecondsSinceEpoch: moment), [id: revision])
    }

    /// The place to go on from when nothing has been told yet: before all that bears the present moment.
    public var place: String { "\(since.millisecondsSinceEpoch).0.\(query.type)/0" }

    /// Ends when the store closes. Each element means: there may be something new.
    public var hints: AsyncStream<DocumentChange> { scope.store.changes(of: [query.type], buffer: 1) }

    /// What is new since the last call, at most a hundred; call again until there is nothing. Throws `forbidden` when
    /// the caller's session has ended or acts for somebody else by now.
    public mutating func next() async throws -> [Item] {
        try await scope.checkSession()
        var query = query
        let newer = Filter.compare("updated", .greaterOrEqual, .date(since))
        query.filter = query.filter.map { $0 && newer } ?? newer
        query.order = [.init("updated"), .init("id")]
        query.last = Self.batch + told.count
        var items: [Item] = []
        for document in try await scope.store.query(query).documents where told[document.id] != document.revision {
            advance(to: document)
            if let item = try item(document) { items.append(item) }
            if items.count == Self.batch { break }
        }
        return items
    }

    private mutating func advance(to document: StoredDocument) {
        let moment = document["updated"]?.stringValue.flatMap { Instant(rfc3339: $0) } ?? since
        if moment > since {
            since = moment
            told = [:]
        }
        told[document.id] = document.revision
    }

    private func item(_ document: StoredDocument) throws -> Item? {
        let id = document.id.description
        guard let visible = try? ResourceService.shown(document.body, by: rules, as: id, in: scope) else { return nil }
        return Item(
            place: "\(since.millisecondsSinceEpoch).\(document.revision).\(id)",
            document: ResourceService.selected(visible, select))
    }
}

extension ResourceService {
    /// What becomes new in a collection from now on, or from a place of an earlier feed on. Rights are those of a query.
    public func feed(
        _ type: String, _ parameters: QueryParameters, after place: String?, in scope: RequestScope
    ) throws -> CollectionFeed {
        let rules = try rules(type, for: .query, path: type)
        let scope = try scope.admitted("query", type)
        guard CollectionAccess.allows(rules.type.access.query, scope.requester.claims) else {
            throw RoadsteadError.credentialsRequired
        }
        let query = try DocumentQuery(QueryParameters(filters: parameters.filters), rules: rules, in: scope)
        return try CollectionFeed(rules: rules, query: query, select: parameters.select, after: place, in: scope)
    }
}
