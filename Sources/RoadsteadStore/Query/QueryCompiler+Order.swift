import RoadsteadModel

extension QueryCompiler {
    /// The `ORDER BY` terms. Documents that are equal by them come in the order of their making, newest first when the
    /// last term is a time and goes downwards.
    mutating func terms(_ order: [DocumentQuery.Order]) throws -> String {
        var terms: [String] = []
        for order in order {
            let direction = order.isAscending ? " ASC" : " DESC"
            // These two are never missing, and only without a word on missing ones does SQLite walk their index.
            terms.append(
                try time(order.path).map { $0 + direction } ?? value(order) + direction + " NULLS LAST")
        }
        let isDescending = order.last.map { time($0.path) != nil && !$0.isAscending } ?? false
        return (terms + [sequence + (isDescending ? " DESC" : "")]).joined(separator: ", ")
    }

    private func time(_ path: FilterPath) -> String? {
        switch path.names {
        case ["created"]: created
        case ["updated"]: updated
        default: nil
        }
    }

    private mutating func value(_ order: DocumentQuery.Order) throws -> String {
        if order.path.names == ["id"] { return identifier() }
        guard source == .visibility, IndexedAttributes.isCovered(order.path) else { return try general(order) }
        let column = column(order.path)
        return "CASE WHEN \(column) = x'' THEN \(try aside { try $0.general(order) }) ELSE \(column) END"
    }

    private mutating func general(_ order: DocumentQuery.Order) throws -> String {
        let source = try AttributeSource(order.path, compiler: &self)
        return """
            (SELECT \(order.isAscending ? "min" : "max")(v.atom) FROM \(source.tables) \
            WHERE v.type <> 'null' AND v.atom IS NOT NULL AND \(source.isNoObject))
            """
    }
}
