/// The smallest box with sides along the axes.
struct GeoBox {
    private var west = Double.infinity
    private var east = -Double.infinity
    private var south = Double.infinity
    private var north = -Double.infinity

    init(_ points: some Sequence<GeoPoint>) {
        for point in points {
            west = min(west, point.longitude)
            east = max(east, point.longitude)
            south = min(south, point.latitude)
            north = max(north, point.latitude)
        }
    }

    func intersects(_ other: GeoBox) -> Bool {
        west <= other.east && other.west <= east && south <= other.north && other.south <= north
    }
}

/// The straight way between two points, both of them included.
struct GeoSegment {
    let start: GeoPoint
    let end: GeoPoint

    static func of(_ line: [GeoPoint]) -> [GeoSegment] {
        zip(line, line.dropFirst()).map { GeoSegment(start: $0, end: $1) }
    }

    static func anyMeet(_ left: [GeoPoint], _ right: [GeoPoint]) -> Bool {
        let others = of(right)
        return of(left).contains { segment in others.contains { segment.meets($0) } }
    }

    private var box: GeoBox { GeoBox([start, end]) }

    func contains(_ point: GeoPoint) -> Bool {
        box.intersects(GeoBox([point])) && Orientation(start, end, point) == .straight
    }

    func meets(_ other: GeoSegment) -> Bool {
        guard box.intersects(other.box) else { return false }
        let first = (Orientation(start, end, other.start), Orientation(start, end, other.end))
        let second = (Orientation(other.start, other.end, start), Orientation(other.start, other.end, end))
        if first.0 != first.1, second.0 != second.1 { return true }
        return contains(other.start) || contains(other.end) || other.contains(start) || other.contains(end)
    }

    func point(at place: Double) -> GeoPoint {
        GeoPoint(
            start.longitude + place * (end.longitude - start.longitude),
            start.latitude + place * (end.latitude - start.latitude))
    }

    /// Where between 0 (start) and 1 (end) the other one crosses or touches.
    func places(of other: GeoSegment) -> [Double] {
        guard meets(other) else { return [] }
        let touched = [other.start, other.end].filter(contains).map(place)
        if !touched.isEmpty { return touched }
        let (dx, dy) = (end.longitude - start.longitude, end.latitude - start.latitude)
        let (ox, oy) = (other.end.longitude - other.start.longitude, other.end.latitude - other.start.latitude)
        let denominator = dx * oy - dy * ox
        guard denominator != 0 else { return [] }
        let (sx, sy) = (other.start.longitude - start.longitude, other.start.latitude - start.latitude)
        return [min(max((sx * oy - sy * ox) / denominator, 0), 1)]
    }

    /// The place of a point that lies on this segment, along its longer axis.
    private func place(_ point: GeoPoint) -> Double {
        let (dx, dy) = (end.longitude - start.longitude, end.latitude - start.latitude)
        if dx == 0, dy == 0 { return 0 }
        return abs(dx) >= abs(dy) ? (point.longitude - start.longitude) / dx : (point.latitude - start.latitude) / dy
    }

    /// Whether the others that lie on the same straight leave no gap of this segment open.
    func isCovered(by others: [GeoSegment]) -> Bool {
        if start == end { return others.contains { $0.contains(start) } }
        let spans = others.filter {
            Orientation(start, end, $0.start) == .straight && Orientation(start, end, $0.end) == .straight
        }.map { (min(place($0.start), place($0.end)), max(place($0.start), place($0.end))) }
        var reached = 0.0
        for span in spans.sorted(by: { $0.0 < $1.0 }) where span.0 <= reached { reached = max(reached, span.1) }
        return !spans.isEmpty && reached >= 1 && spans.contains { $0.0 <= 0 }
    }

    func longitude(at latitude: Double) -> Double? {
        guard min(start.latitude, end.latitude) < latitude, latitude < max(start.latitude, end.latitude) else {
            return nil
        }
        let share = (latitude - start.latitude) / (end.latitude - start.latitude)
        return start.longitude + share * (end.longitude - start.longitude)
    }

    /// Whether a computed point lies on this segment but for rounding.
    func isNear(_ point: GeoPoint) -> Bool {
        let (dx, dy) = (end.longitude - start.longitude, end.latitude - start.latitude)
        let (px, py) = (point.longitude - start.longitude, point.latitude - start.latitude)
        let length = dx * dx + dy * dy
        guard length > 0 else { return false }
        let along = (px * dx + py * dy) / length
        return (-1e-12...1 + 1e-12).contains(along) && abs(px * dy - py * dx) <= 1e-12 * length
    }
}
