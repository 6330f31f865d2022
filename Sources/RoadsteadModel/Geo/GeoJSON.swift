import RoadsteadBasics

/// Reads positions (`[longitude, latitude, altitude?]`) and GeoJSON geometries (RFC 7946 §3.1). What is malformed is left
/// out; altitudes do not count.
enum GeoJSON {
    /// Arrays that are no position stand for their elements.
    static func geometry(_ value: JSONValue, depth: Int = 0) -> Geometry {
        guard depth <= 8 else { return Geometry() }
        switch value {
        case .object(let object): return geometry(object, depth: depth)
        case .array(let elements):
            if let point = point(value) { return Geometry(points: [point]) }
            return elements.reduce(into: Geometry()) { $0.add(geometry($1, depth: depth + 1)) }
        default: return Geometry()
        }
    }

    private static func geometry(_ object: JSONObject, depth: Int) -> Geometry {
        let coordinates = object["coordinates"] ?? .null
        let parts = coordinates.arrayValue ?? []
        switch object["type"]?.stringValue {
        case "Point": return Geometry(points: [coordinates].compactMap(point))
        case "MultiPoint": return Geometry(points: parts.compactMap(point))
        case "LineString": return Geometry(lines: [coordinates].compactMap(line))
        case "MultiLineString": return Geometry(lines: parts.compactMap(line))
        case "Polygon": return Geometry(polygons: [coordinates].compactMap(polygon))
        case "MultiPolygon": return Geometry(polygons: parts.compactMap(polygon))
        case "GeometryCollection":
            let members = object["geometries"]?.arrayValue ?? []
            return members.reduce(into: Geometry()) { $0.add(geometry($1, depth: depth + 1)) }
        default: return Geometry()
        }
    }

    private static func point(_ value: JSONValue) -> GeoPoint? {
        guard let numbers = value.arrayValue?.map(\.doubleValue), (2...3).contains(numbers.count),
            let longitude = numbers[0], let latitude = numbers[1]
        else { return nil }
        return GeoPoint(longitude, latitude)
    }

    private static func line(_ value: JSONValue) -> [GeoPoint]? {
        guard let elements = value.arrayValue, elements.count >= 2 else { return nil }
        let points = elements.compactMap(point)
        return points.count == elements.count ? points : nil
    }

    private static func polygon(_ value: JSONValue) -> GeoPolygon? {
        guard let elements = value.arrayValue, !elements.isEmpty else { return nil }
        let rings = elements.compactMap(line).filter(Geometry.isRing)
        return rings.count == elements.count ? GeoPolygon(rings: rings) : nil
    }
}
