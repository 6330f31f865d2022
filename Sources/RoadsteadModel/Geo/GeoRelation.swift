/// How a stored geometry stands to the one of a query. Boundaries belong to their geometry.
public enum GeoRelation: String, Sendable, Hashable, CaseIterable {
    case intersects, disjoint
    /// The stored geometry lies inside the query's.
    case within
    /// The query's geometry lies inside the stored one.
    case contains

    public func holds(_ stored: Geometry, _ query: Geometry) -> Bool {
        switch self {
        case .intersects: stored.intersects(query)
        case .disjoint: !stored.intersects(query)
        case .within: query.covers(stored)
        case .contains: stored.covers(query)
        }
    }
}
