extension Geometry {
    /// nil for a text that is no geometry; what it may hold: `WellKnownText`.
    public init?(wellKnownText text: String) {
        guard let geometry = try? WellKnownText.parse(text) else { return nil }
        self = geometry
    }

    /// The geometry as a collection that reads back equal.
    public var wellKnownText: String {
        let points = points.map { "POINT" + Self.text([$0]) }
        let lines = lines.map { "LINESTRING" + Self.text($0) }
        let polygons = polygons.map { "POLYGON(" + $0.rings.map(Self.text).joined(separator: ",") + ")" }
        return "GEOMETRYCOLLECTION(" + (points + lines + polygons).joined(separator: ",") + ")"
    }

    private static func text(_ points: [GeoPoint]) -> String {
        "(" + points.map { "\($0.longitude) \($0.latitude)" }.joined(separator: ",") + ")"
    }
}
