import RoadsteadBasics
import RoadsteadModel

extension DocumentQuery {
    /// What the query finds among documents in memory, which are taken to be of its type and visible to who asks; equal
    /// ones keep their order. Throws as the store's own query does.
    public func page(of documents: [JSONObject]) throws -> QueryPage<JSONObject> {
        let (offset, limit) = try page()
        try checkOrder()
        try checkAggregations()
        let matches = documents.filter { filter?.matches($0) ?? true }
        let keys = matches.map { document in order.map { SortKey($0.path, of: document, ascending: $0.isAscending) } }
        let sorted = matches.indices.sorted { left, right in
            for (first, second) in zip(keys[left], keys[right]) where first != second { return first < second }
            return left < right
        }
        let figures = aggregations.map { ($0.key, JSONValue.object($0.result(over: matches))) }
        return QueryPage(
            count: matches.count, isCountExact: true,
            documents: sorted.dropFirst(offset).prefix(limit).map { matches[$0] }, aggregations: JSONObject(figures))
    }
}
