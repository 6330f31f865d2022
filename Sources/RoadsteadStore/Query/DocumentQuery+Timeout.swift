import RoadsteadBasics
import RoadsteadModel

extension DocumentQuery {
    /// What people are told whose query was stopped.
    func timeout(after budget: Duration) -> RoadsteadError {
        let names = unindexedAttributes
        let reason =
            names.isEmpty
            ? "too many documents match" : "it looks at \(names.joined(separator: ", ")), which no index knows"
        return RoadsteadError(
            .timeout,
            """
            the query for \(type) was stopped after \(Double(budget.wholeMilliseconds) / 1000) s: \(reason). Narrow it by \
            attributes with an index, such as id, parent, name, state or created
            """, context: ["resource-id": type, "attributes": names.joined(separator: ",")])
    }

    /// The attributes of the filter, the order and the figures that no index knows.
    private var unindexedAttributes: [String] {
        let paths = (filter?.paths ?? []).union(order.map(\.path)).union(aggregations.map(\.path))
        return paths.filter { !IndexedAttributes.isIndexed($0) }.map(\.description).sorted()
    }
}
