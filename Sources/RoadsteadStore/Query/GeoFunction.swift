import GRDB
import RoadsteadBasics
import RoadsteadModel
import Synchronization

/// `geo_stands(body, path, relation, geometry)` in SQL: the filter's own evaluation, so that the two cannot disagree.
enum GeoFunction {
    static let function = DatabaseFunction("geo_stands", argumentCount: 4, pure: true) { values in
        let texts = values.compactMap(String.fromDatabaseValue)
        guard texts.count == 4, let relation = GeoRelation(rawValue: texts[2]), let query = geometry(texts[3]),
            case .object(let body) = try JSONValue.parse(texts[0])
        else { return false }
        return Filter.geometry(path: FilterPath(texts[1]), relation, query).matches(body)
    }

    /// The geometry that was asked for last: it is the same one for every row of a query.
    private static let latest = Mutex<(text: String, geometry: Geometry)?>(nil)

    private static func geometry(_ text: String) -> Geometry? {
        latest.withLock { latest in
            if let latest, latest.text == text { return latest.geometry }
            let geometry = Geometry(wellKnownText: text)
            latest = geometry.map { (text, $0) }
            return geometry
        }
    }
}
