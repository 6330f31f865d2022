import RoadsteadBasics

/// What a `location` and a `geometry` (GeoJSON, RFC 7946: Point, Polygon, MultiPolygon) must be like. Pure.
enum GeometryRules {
    /// Throws `invalidInput` that names the place.
    static func check(_ body: JSONObject) throws(RoadsteadError) {
        if let location = body["location"] { try position(location, at: "location") }
        guard let geometry = body["geometry"]?.objectValue, let coordinates = geometry["coordinates"] else { return }
        let place = "geometry.coordinates"
        switch geometry["type"]?.stringValue {
        case "Point": try position(coordinates, at: place)
        case "Polygon": try polygon(coordinates, at: place)
        case "MultiPolygon": try each(coordinates, at: place, polygon)
        // The schema refuses it.
        default: return
        }
    }

    private typealias Rule = (JSONValue, String) throws(RoadsteadError) -> Void

    private static func each(_ value: JSONValue, at place: String, _ rule: Rule) throws(RoadsteadError) {
        guard let elements = value.arrayValue, !elements.isEmpty else {
            throw refusal(place, "must be an array that is not empty")
        }
        for (index, element) in elements.enumerated() { try rule(element, "\(place)[\(index)]") }
    }

    private static func polygon(_ value: JSONValue, at place: String) throws(RoadsteadError) {
        try each(value, at: place, ring)
    }

    /// Closed, and at least a triangle.
    private static func ring(_ value: JSONValue, at place: String) throws(RoadsteadError) {
        try each(value, at: place, position)
        let points = value.arrayValue ?? []
        guard points.count >= 4 else { throw refusal(place, "must have at least 4 positions") }
        guard numbers(points.first) == numbers(points.last) else {
            throw refusal(place, "must end where it begins")
        }
    }

    private static func position(_ value: JSONValue, at place: String) throws(RoadsteadError) {
        guard let numbers = numbers(value), (2...3).contains(numbers.count) else {
            throw refusal(place, "must be [longitude, latitude] or [longitude, latitude, altitude]")
        }
        guard (-180...180).contains(numbers[0]) else { throw refusal(place, "has a longitude outside -180 to 180") }
        guard (-90...90).contains(numbers[1]) else { throw refusal(place, "has a latitude outside -90 to 90") }
    }

    private static func numbers(_ value: JSONValue?) -> [Double]? {
        guard let elements = value?.arrayValue else { return nil }
        let numbers = elements.compactMap(\.doubleValue)
        return numbers.count == elements.count ? numbers : nil
    }

    private static func refusal(_ place: String, _ problem: String) -> RoadsteadError {
        RoadsteadError(.invalidInput, "data-record is not valid: \(place) \(problem)")
    }
}
