/// Why a text is no geometry.
struct WellKnownTextError: Error {
    let problem: String
}

/// Reads geometries in well-known text (OGC Simple Features, part 1, §7): `POINT(6.1 46.2)`, `POLYGON((…),(…))`, the
/// `MULTI…` kinds and `GEOMETRYCOLLECTION`; longitude first, a third coordinate does not count.
struct WellKnownText {
    /// A query is held against many documents; a thousand points draw any country well enough.
    static let maximumPoints = 1000

    private let bytes: [UInt8]
    private var position = 0

    private init(_ text: String) { bytes = Array(text.utf8) }

    static func parse(_ text: String) throws(WellKnownTextError) -> Geometry {
        var parser = WellKnownText(text)
        let geometry = try parser.geometry(depth: 0)
        guard parser.peek() == nil else { throw parser.failure("nothing may follow the geometry") }
        guard geometry.count <= maximumPoints else {
            throw WellKnownTextError(problem: "it has \(geometry.count) points; at most \(maximumPoints) are allowed")
        }
        return geometry
    }

    private mutating func geometry(depth: Int) throws(WellKnownTextError) -> Geometry {
        let kind = word()
        if ["Z", "M", "ZM"].contains(peekWord()) { _ = word() }
        switch kind {
        case "POINT":
            return Geometry(points: [try enclosed { parser throws(WellKnownTextError) in try parser.point() }])
        case "MULTIPOINT":
            return Geometry(points: try list { parser throws(WellKnownTextError) in try parser.memberPoint() })
        case "LINESTRING": return Geometry(lines: [try line()])
        case "MULTILINESTRING":
            return Geometry(lines: try list { parser throws(WellKnownTextError) in try parser.line() })
        case "POLYGON": return Geometry(polygons: [try polygon()])
        case "MULTIPOLYGON":
            return Geometry(polygons: try list { parser throws(WellKnownTextError) in try parser.polygon() })
        case "GEOMETRYCOLLECTION":
            guard depth < 8 else { throw failure("the collections lie too deep within each other") }
            let members = try list { parser throws(WellKnownTextError) in try parser.geometry(depth: depth + 1) }
            return members.reduce(into: Geometry()) { $0.add($1) }
        default: throw failure("expected POINT, LINESTRING, POLYGON, a MULTI… or a GEOMETRYCOLLECTION")
        }
    }

    private typealias Reader<Value> = (inout WellKnownText) throws(WellKnownTextError) -> Value

    private mutating func enclosed<Value>(_ read: Reader<Value>) throws(WellKnownTextError) -> Value {
        guard take(UInt8(ascii: "(")) else { throw failure("expected '('") }
        let value = try read(&self)
        guard take(UInt8(ascii: ")")) else { throw failure("expected ')'") }
        return value
    }

    private mutating func list<Value>(_ read: Reader<Value>) throws(WellKnownTextError) -> [Value] {
        guard take(UInt8(ascii: "(")) else { throw failure("expected '('") }
        var values = [try read(&self)]
        while take(UInt8(ascii: ",")) { values.append(try read(&self)) }
        guard take(UInt8(ascii: ")")) else { throw failure("expected ',' or ')'") }
        return values
    }

    /// `(1 2)` or, as many write it, `1 2`.
    private mutating func memberPoint() throws(WellKnownTextError) -> GeoPoint {
        peek() == UInt8(ascii: "(")
            ? try enclosed { parser throws(WellKnownTextError) in try parser.point() } : try point()
    }

    private mutating func line() throws(WellKnownTextError) -> [GeoPoint] {
        let points = try list { parser throws(WellKnownTextError) in try parser.point() }
        guard points.count >= 2 else { throw failure("a line needs two points") }
        return points
    }

    private mutating func polygon() throws(WellKnownTextError) -> GeoPolygon {
        GeoPolygon(rings: try list { parser throws(WellKnownTextError) in try parser.ring() })
    }

    private mutating func ring() throws(WellKnownTextError) -> [GeoPoint] {
        let points = try line()
        guard Geometry.isRing(points) else {
            throw failure("a ring needs at least four points, the last equal to the first")
        }
        return points
    }

    private mutating func point() throws(WellKnownTextError) -> GeoPoint {
        let (longitude, latitude) = (try number(), try number())
        while let byte = peek(), byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || (48...57).contains(byte) {
            _ = try number()
        }
        return GeoPoint(longitude, latitude)
    }

    private mutating func number() throws(WellKnownTextError) -> Double {
        _ = peek()
        let start = position
        while position < bytes.count, Self.isNumberByte(bytes[position]) { position += 1 }
        guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)), abs(value) <= 1e6 else {
            position = start
            throw failure("expected a coordinate in degrees")
        }
        return value
    }

    private static func isNumberByte(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte)
    }

    /// The next byte that is no blank.
    private mutating func peek() -> UInt8? {
        while position < bytes.count, bytes[position] == 0x20 || (0x09...0x0D).contains(bytes[position]) {
            position += 1
        }
        return position < bytes.count ? bytes[position] : nil
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    /// The next word, in upper case.
    private mutating func word() -> String {
        _ = peek()
        let start = position
        while position < bytes.count, (65...90).contains(bytes[position] & 0xDF) { position += 1 }
        return String(decoding: bytes[start..<position].map { $0 & 0xDF }, as: UTF8.self)
    }

    private mutating func peekWord() -> String {
        let start = position
        defer { position = start }
        return word()
    }

    private func failure(_ problem: String) -> WellKnownTextError {
        WellKnownTextError(problem: "\(problem) at its character \(position + 1)")
    }
}
