import RoadsteadBasics

/// What a request may say about a listing, in the query string or a form body, or about one document (`select`).
public struct QueryParameters: Sendable, Hashable {
    /// Filter texts; all of them must hold.
    public var filters: [String]
    /// 1-based and inclusive.
    public var first: Int
    /// nil: no end; 0: no documents, the count only.
    public var last: Int?
    /// nil: every attribute.
    public var select: [String]?
    public var orderBy: [Order]
    /// Figures over all matches, beside the page.
    public var aggregations: [Aggregation]

    public struct Order: Sendable, Hashable {
        public let attribute: String
        public let isAscending: Bool

        public init(_ attribute: String, isAscending: Bool = true) {
            self.attribute = attribute
            self.isAscending = isAscending
        }
    }

    public init(
        filters: [String] = [], first: Int = 1, last: Int? = nil, select: [String]? = nil, orderBy: [Order] = [],
        aggregations: [Aggregation] = []
    ) {
        self.filters = filters
        self.first = max(1, first)
        self.last = last
        self.select = select
        self.orderBy = orderBy
        self.aggregations = aggregations
    }

    /// From decoded `name=value` pairs in their order. Numbers that are none, and unknown names, do not count.
    public init(pairs: [(name: String, value: String)]) {
        let values = { (name: String) in pairs.filter { $0.name == name }.map(\.value) }
        let items = { (name: String) in
            values(name).flatMap { $0.split(separator: ",") }.map { Self.trimmed($0) }.filter { !$0.isEmpty }
        }
        let selected = items("select")
        self.init(
            filters: values("filter").filter { !Self.trimmed($0[...]).isEmpty },
            first: values("first").lazy.compactMap { Int($0) }.first ?? 1,
            last: values("last").lazy.compactMap { Int($0) }.first,
            select: selected.isEmpty ? nil : selected, orderBy: items("orderby").map(Self.order),
            aggregations: Self.distinct(items("aggregation").compactMap { Aggregation($0) }))
    }

    private static func distinct(_ aggregations: [Aggregation]) -> [Aggregation] {
        aggregations.enumerated().filter { !aggregations[..<$0].contains($1) }.map(\.element)
    }

    private static func trimmed(_ text: Substring) -> String {
        let isText = { (byte: UInt8) in byte != 0x20 && !(0x09...0x0D).contains(byte) }
        guard let first = text.utf8.firstIndex(where: isText), let last = text.utf8.lastIndex(where: isText) else {
            return ""
        }
        return String(text[first..<text.utf8.index(after: last)])
    }

    /// `attr`, `attr:asc`, `attr:desc`; another suffix belongs to the name. The dotted form of a path means the same.
    private static func order(_ text: String) -> Order {
        let name = { (part: Substring) in trimmed(part).split(separator: ".").joined(separator: "/") }
        // Names may have colons themselves.
        guard let colon = text.lastIndex(of: ":") else { return Order(name(text[...])) }
        switch trimmed(text[text.index(after: colon)...]) {
        case "asc": return Order(name(text[..<colon]))
        case "desc": return Order(name(text[..<colon]), isAscending: false)
        default: return Order(name(text[...]))
        }
    }
}
