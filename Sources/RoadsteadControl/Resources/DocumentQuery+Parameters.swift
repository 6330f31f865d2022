import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

extension DocumentQuery {
    /// The question that a request asks, within what its sender may list. Throws `invalidInput` for a filter that cannot
    /// be read, and for an attribute that no answer shows; the page's limits are the store's.
    init(_ parameters: QueryParameters, rules: any ResourceRules, in scope: RequestScope) throws(RoadsteadError) {
        let requester = scope.requester
        let asked = parameters.orderBy.map { Order(FilterPath($0.attribute), ascending: $0.isAscending) }
        for path in asked.map(\.path) + parameters.aggregations.map(\.path) {
            try Self.check([path], of: rules.type)
        }
        let usual = rules.type.defaultOrder.map { Order(FilterPath($0.attribute), ascending: $0.isAscending) }
        self.init(
            type: rules.type.name, filter: try Self.filter(parameters.filters, rules: rules, in: scope),
            visibleTo: requester.isAdmin ? nil : requester.claims, order: asked.isEmpty ? usual : asked,
            first: parameters.first, last: parameters.last,
            aggregations: parameters.aggregations)
        maximumSize = Self.maximumAnswerSize
    }

    static func filter(
        _ texts: [String], rules: any ResourceRules, in scope: RequestScope
    ) throws(RoadsteadError) -> Filter? {
        var filters: [Filter] = []
        for text in texts {
            let filter: Filter
            do { filter = try Filter.parse(text, now: scope.now) } catch {
                throw RoadsteadError(.invalidInput, error.description)
            }
            try check(filter.paths, of: rules.type)
            filters.append(filter)
        }
        if let restriction = rules.restriction(in: scope) { filters.append(restriction) }
        if let ids = scope.requester.listedIdentifiers(of: rules.type.name) { filters.append(.oneOf("id", ids)) }
        return filters.isEmpty ? nil : filters.count == 1 ? filters[0] : .and(filters)
    }

    /// What no answer shows cannot be found out by asking for those that have it, or for their order or figures, either.
    private static func check(_ paths: Set<FilterPath>, of type: ResourceType) throws(RoadsteadError) {
        for path in paths {
            guard type.conceals(path.names) else { continue }
            throw RoadsteadError(
                .invalidInput, "'\(path)' of a \(type.name) is kept from answers, and cannot be asked for either")
        }
    }
}
