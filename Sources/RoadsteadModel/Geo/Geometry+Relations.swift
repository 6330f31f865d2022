extension Geometry {
    /// Whether the two have a position in common.
    public func intersects(_ other: Geometry) -> Bool {
        parts.contains { part in other.parts.contains { part.intersects($0) } }
    }

    /// Whether no part of `other` lies outside.
    ///
    /// A line or an area of `other` must lie within one area, or a line on the lines taken together: an area that needs
    /// two touching areas side by side to be covered counts as not covered.
    public func covers(_ other: Geometry) -> Bool {
        other.points.allSatisfy(covers) && other.lines.allSatisfy(covers) && other.polygons.allSatisfy(covers)
    }

    private var parts: [GeoPart] {
        points.map { GeoPart(.point($0)) } + lines.map { GeoPart(.line($0)) } + polygons.map { GeoPart(.area($0)) }
    }

    private func covers(_ point: GeoPoint) -> Bool { intersects(Geometry(points: [point])) }

    private func covers(_ line: [GeoPoint]) -> Bool {
        polygons.contains { $0.covers(line) }
            || GeoSegment.of(line).allSatisfy { $0.isCovered(by: lines.flatMap(GeoSegment.of)) }
    }

    private func covers(_ polygon: GeoPolygon) -> Bool { polygons.contains { $0.covers(polygon) } }
}

/// One point, line or area with the box around it, which settles most questions.
private struct GeoPart {
    enum Shape {
        case point(GeoPoint)
        case line([GeoPoint])
        case area(GeoPolygon)
    }

    let shape: Shape
    let box: GeoBox

    init(_ shape: Shape) {
        self.shape = shape
        switch shape {
        case .point(let point): box = GeoBox([point])
        case .line(let line): box = GeoBox(line)
        case .area(let area): box = GeoBox(area.outer)
        }
    }

    func intersects(_ other: GeoPart) -> Bool {
        guard box.intersects(other.box) else { return false }
        switch (shape, other.shape) {
        case (.point(let left), .point(let right)): return left == right
        case (.point(let point), .line(let line)), (.line(let line), .point(let point)):
            return GeoSegment.of(line).contains { $0.contains(point) }
        case (.point(let point), .area(let area)), (.area(let area), .point(let point)):
            return area.side(of: point) != .outside
        case (.line(let left), .line(let right)): return GeoSegment.anyMeet(left, right)
        case (.line(let line), .area(let area)), (.area(let area), .line(let line)): return area.intersects(line)
        case (.area(let left), .area(let right)): return left.intersects(right)
        }
    }
}

extension GeoPolygon {
    enum Side { case inside, boundary, outside }

    func side(of point: GeoPoint) -> Side {
        switch Self.side(of: point, in: outer) {
        case .outside: return .outside
        case .boundary: return .boundary
        case .inside: break
        }
        for hole in holes {
            switch Self.side(of: point, in: hole) {
            case .outside: continue
            case .boundary: return .boundary
            case .inside: return .outside
            }
        }
        return .inside
    }

    /// Counts how often a ray to the east leaves the ring (even-odd rule).
    private static func side(of point: GeoPoint, in ring: [GeoPoint]) -> Side {
        var isInside = false
        for segment in GeoSegment.of(ring) {
            if segment.contains(point) { return .boundary }
            let (low, high) =
                segment.start.latitude <= segment.end.latitude
                ? (segment.start, segment.end) : (segment.end, segment.start)
            guard low.latitude <= point.latitude, point.latitude < high.latitude else { continue }
            if Orientation(low, high, point) == .left { isInside.toggle() }
        }
        return isInside ? .inside : .outside
    }

    func intersects(_ line: [GeoPoint]) -> Bool {
        rings.contains { GeoSegment.anyMeet($0, line) } || line.first.map { side(of: $0) == .inside } ?? false
    }

    func intersects(_ other: GeoPolygon) -> Bool {
        intersects(other.outer) || other.outer.first.map { side(of: $0) != .outside } ?? false
            || outer.first.map { other.side(of: $0) != .outside } ?? false
    }

    /// Whether no part of the line lies outside: no vertex does, and between the places where it meets the boundary none
    /// of its middles.
    func covers(_ line: [GeoPoint]) -> Bool {
        guard line.allSatisfy({ side(of: $0) != .outside }) else { return false }
        let edges = rings.flatMap(GeoSegment.of)
        return GeoSegment.of(line).allSatisfy { segment in
            let places = ([0, 1] + edges.flatMap { segment.places(of: $0) }).sorted()
            return zip(places, places.dropFirst()).allSatisfy { from, to in
                to - from < 1e-12 || side(of: segment.point(at: (from + to) / 2)) != .outside
                    || edges.contains { $0.isNear(segment.point(at: (from + to) / 2)) }
            }
        }
    }

    /// The other's outline must be covered, and no hole of this one may lie within the other.
    func covers(_ other: GeoPolygon) -> Bool {
        guard other.rings.allSatisfy({ covers($0) }) else { return false }
        return holes.allSatisfy { hole in
            !hole.contains { other.side(of: $0) == .inside }
                && Self.innerPoint(of: hole).map { other.side(of: $0) != .inside } ?? true
        }
    }

    /// A point inside the ring: between two neighbouring crossings of a level line that goes through no vertex.
    private static func innerPoint(of ring: [GeoPoint]) -> GeoPoint? {
        let levels = Set(ring.map(\.latitude)).sorted()
        guard levels.count > 1 else { return nil }
        let level = (levels[0] + levels[1]) / 2
        let crossings = GeoSegment.of(ring).compactMap { $0.longitude(at: level) }.sorted()
        guard crossings.count > 1 else { return nil }
        return GeoPoint((crossings[0] + crossings[1]) / 2, level)
    }
}
