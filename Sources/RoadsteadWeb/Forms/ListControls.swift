import RoadsteadBasics
import RoadsteadModel

/// The simple controls above a list, turned into the API's own query: words, one choice, an order, a page.
struct ListControls: Sendable {
    static let pageSize = 25

    let words: String
    let choice: String
    let order: String
    let page: Int
    /// As they are offered; the first is the order without a choice.
    let orders: [Order]

    struct Order: Sendable {
        let name: String
        let label: String
        let parameter: QueryParameters.Order
    }

    init(_ fields: PageFields, orders: [Order]) {
        words = String((fields["q"] ?? "").prefix(200))
        choice = String((fields["type"] ?? "").prefix(100))
        let named = fields["sort"] ?? ""
        order = orders.contains { $0.name == named } ? named : orders[0].name
        page = min(max(1, fields.integer("page") ?? 1), 100_000)
        self.orders = orders
    }

    /// Words find documents in which all of them begin a word.
    func parameters(choiceAttribute: String, also filters: [String] = []) -> QueryParameters {
        var filters = filters
        for word in FullText.words(in: words).prefix(10) { filters.append("fulltext=='\(word)*'") }
        // What is no token is a choice that nobody was offered: it finds nothing, and goes into no filter as text.
        if !choice.isEmpty {
            filters.append(
                "\(choiceAttribute)='\(choice.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })'")
        }
        let first = (page - 1) * Self.pageSize + 1
        let parameter = orders.first { $0.name == order } ?? orders[0]
        return QueryParameters(
            filters: filters, first: first, last: first + Self.pageSize - 1, orderBy: [parameter.parameter])
    }

    var isNarrowed: Bool { !words.isEmpty || !choice.isEmpty }

    /// The query string that keeps everything but the page.
    func query(page: Int) -> String {
        [("q", words), ("type", choice), ("sort", order), ("page", String(page))].filter { !$0.1.isEmpty }
            .map { $0.0 + "=" + PercentEncoding.query($0.1) }.joined(separator: "&")
    }
}

/// Where a list stands, and the ways on and back.
struct Pager: Sendable {
    let from: Int
    let to: Int
    let count: Int
    let previous: String?
    let next: String?
    let isNeeded: Bool

    init(_ controls: ListControls, path: String, shown: Int, count: Int) {
        from = shown == 0 ? 0 : (controls.page - 1) * ListControls.pageSize + 1
        to = shown == 0 ? 0 : from + shown - 1
        self.count = count
        previous = controls.page > 1 ? path + "?" + controls.query(page: controls.page - 1) : nil
        next = to < count && shown > 0 ? path + "?" + controls.query(page: controls.page + 1) : nil
        isNeeded = count > ListControls.pageSize || controls.page > 1
    }
}
