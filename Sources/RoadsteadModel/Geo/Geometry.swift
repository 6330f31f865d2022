import RoadsteadBasics

/// A position in degrees. Geometry is planar here: degrees are lengths, and nothing wraps at 180°.
public struct GeoPoint: Sendable, Hashable {
    public let longitude: Double
    public let latitude: Double

    public init(_ longitude: Double, _ latitude: Double) {
        self.longitude = longitude
        self.latitude = latitude
    }
}

/// An area: closed rings of at least four points, the first one around it, the others around its holes.
public struct GeoPolygon: Sendable, Hashable {
    public let rings: [[GeoPoint]]

    public init(rings: [[GeoPoint]]) { self.rings = rings }

    var outer: [GeoPoint] { rings.first ?? [] }
    var holes: ArraySlice<[GeoPoint]> { rings.dropFirst() }
}

/// Points, lines and areas taken together, whatever collection they were written as.
public struct Geometry: Sendable, Hashable {
    /// More in one stored geometry are not looked at; a query takes far fewer (`WellKnownText.maximumPoints`).
    public static let maximumPoints = 10_000

    public var points: [GeoPoint]
    public var lines: [[GeoPoint]]
    public var polygons: [GeoPolygon]

    public init(points: [GeoPoint] = [], lines: [[GeoPoint]] = [], polygons: [GeoPolygon] = []) {
        self.points = points
        self.lines = lines
        self.polygons = polygons
    }

    var isEmpty: Bool { points.isEmpty && lines.isEmpty && polygons.isEmpty }

    var count: Int {
        points.count + lines.reduce(0) { $0 + $1.count }
            + polygons.reduce(0) { $0 + $1.rings.reduce(0) { $0 + $1.count } }
    }

    mutating func add(_ other: Geometry) {
        points += other.points
        lines += other.lines
        polygons += other.polygons
    }

    static func isRing(_ points: [GeoPoint]) -> Bool { points.count >= 4 && points.first == points.last }
}

extension FilterPath {
    /// All that the path leads to and that is a position or GeoJSON, as one geometry; nil when there is none.
    func geometry(in document: JSONObject) -> Geometry? {
        guard let last = names.last else { return nil }
        var geometry = Geometry()
        for value in holders(in: document).compactMap({ $0[last] }) { geometry.add(GeoJSON.geometry(value)) }
        return geometry.isEmpty || geometry.count > Geometry.maximumPoints ? nil : geometry
    }
}
