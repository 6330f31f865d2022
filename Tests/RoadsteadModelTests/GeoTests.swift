import RoadsteadBasics
import Testing

@testable import RoadsteadModel

@Suite struct GeoTests {
    private static let square = "POLYGON((0 0,10 0,10 10,0 10,0 0))"
    private static let ring = "POLYGON((0 0,10 0,10 10,0 10,0 0),(3 3,7 3,7 7,3 7,3 3))"

    /// Left and right geometry, and whether they meet, the left covers the right, and the right the left.
    static let relations: [(String, String, Bool, Bool, Bool)] = [
        ("POINT(1 2)", "POINT(1 2)", true, true, true),
        ("POINT(1 2)", "POINT(1 2.0000001)", false, false, false),
        (square, "POINT(5 5)", true, true, false),
        (square, "POINT(0 5)", true, true, false),
        (square, "POINT(10 10)", true, true, false),
        (square, "POINT(10.0000000001 5)", false, false, false),
        (ring, "POINT(5 5)", false, false, false),
        (ring, "POINT(3 5)", true, true, false),
        (ring, "POINT(1 1)", true, true, false),
        ("LINESTRING(0 0,10 10)", "POINT(5 5)", true, true, false),
        ("LINESTRING(0 0,10 10)", "POINT(5 5.1)", false, false, false),
        ("LINESTRING(0 0,1 0.3333333333333333)", "POINT(3 1)", false, false, false),
        ("LINESTRING(0 0,10 10)", "LINESTRING(0 10,10 0)", true, false, false),
        ("LINESTRING(0 0,10 0)", "LINESTRING(10 0,20 5)", true, false, false),
        ("LINESTRING(0 0,10 0)", "LINESTRING(2 0,5 0)", true, true, false),
        ("LINESTRING(0 0,4 0,10 0)", "LINESTRING(2 0,8 0)", true, true, false),
        ("MULTILINESTRING((0 0,4 0),(6 0,10 0))", "LINESTRING(2 0,8 0)", true, false, false),
        ("LINESTRING(0 0,10 0)", "LINESTRING(0 1,10 1)", false, false, false),
        (square, "LINESTRING(1 1,9 9)", true, true, false),
        (square, "LINESTRING(0 0,10 0)", true, true, false),
        (square, "LINESTRING(5 5,15 5)", true, false, false),
        (square, "LINESTRING(-5 5,15 5)", true, false, false),
        (square, "LINESTRING(11 0,20 5)", false, false, false),
        (ring, "LINESTRING(1 5,9 5)", true, false, false),
        (ring, "LINESTRING(4 4,6 6)", false, false, false),
        (ring, "LINESTRING(3 3,7 3)", true, true, false),
        (ring, "LINESTRING(3 3,7 7)", true, false, false),
        ("POLYGON((0 0,10 0,10 10,5 2,0 10,0 0))", "LINESTRING(0 10,10 10)", true, false, false),
        (square, "POLYGON((2 2,4 2,4 4,2 4,2 2))", true, true, false),
        (square, square, true, true, true),
        (square, "POLYGON((5 5,15 5,15 15,5 15,5 5))", true, false, false),
        (square, "POLYGON((10 0,20 0,20 10,10 10,10 0))", true, false, false),
        (square, "POLYGON((11 0,20 0,20 10,11 10,11 0))", false, false, false),
        (ring, "POLYGON((4 4,6 4,6 6,4 6,4 4))", false, false, false),
        (ring, "POLYGON((3 3,7 3,7 7,3 7,3 3))", true, false, false),
        (square, ring, true, true, false),
        (ring, ring, true, true, true),
        ("POLYGON((0 0,10 0,10 10,0 10,0 0),(5 0,10 5,5 10,0 5,5 0))", square, true, false, true),
        ("POLYGON((-5 4,15 4,15 6,-5 6,-5 4))", square, true, false, false),
        ("MULTIPOINT((1 1),(20 20))", square, true, false, false),
        ("MULTIPOINT(1 1,2 2)", square, true, false, true),
        ("MULTIPOLYGON(((0 0,2 0,2 2,0 2,0 0)),((5 5,7 5,7 7,5 7,5 5)))", "POINT(6 6)", true, true, false),
        ("GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(2 2,3 3))", square, true, false, true),
    ]

    @Test("geometries meet and cover each other as drawn on paper", arguments: relations)
    func relation(_ example: (String, String, Bool, Bool, Bool)) throws {
        let (left, right) = (try WellKnownText.parse(example.0), try WellKnownText.parse(example.1))
        #expect(left.intersects(right) == example.2)
        #expect(right.intersects(left) == example.2)
        #expect(left.covers(right) == example.3, "left covers right")
        #expect(right.covers(left) == example.4, "right covers left")
    }

    @Test("the side of a line is told exactly where rounding would guess")
    func orientation() {
        let (a, b) = (GeoPoint(0.5, 0.5), GeoPoint(12, 12))
        // Kettner et al., "Classroom examples of robustness problems in geometric computations": steps of one ulp.
        let ulp = 0.5.ulp
        for x in 0..<32 {
            for y in 0..<32 {
                let point = GeoPoint(0.5 + Double(x) * ulp, 0.5 + Double(y) * ulp)
                let expected: Orientation = x == y ? .straight : x < y ? .left : .right
                #expect(Orientation(a, b, point) == expected)
                #expect(Orientation(b, point, a) == expected)
            }
        }
    }

    @Test("well-known text is read in any case and spacing, altitudes left out")
    func reading() throws {
        #expect(try WellKnownText.parse(" point ( 1.5 -2e1 ) ").points == [GeoPoint(1.5, -20)])
        #expect(try WellKnownText.parse("POINT Z(1 2 3)").points == [GeoPoint(1, 2)])
        let geometry = try WellKnownText.parse("GEOMETRYCOLLECTION(\(Self.ring),MULTIPOINT(1 2,3 4))")
        #expect(try WellKnownText.parse(geometry.wellKnownText) == geometry)
    }

    @Test(
        "what is no well-known text is refused",
        arguments: [
            "", "not wkt", "POINT", "POINT()", "POINT(1)", "POINT(1 2", "POINT(1 2) x", "POINT(a b)", "POINT(1e9 2)",
            "POINT(nan 1)", "LINESTRING(1 1)", "POLYGON((0 0,1 0,1 1))", "POLYGON((0 0,1 0,1 1,0 1))", "CIRCLE(1 1)",
            "GEOMETRYCOLLECTION(POINT(1 1)", "POINT(1 2)POINT(1 2)", "MULTIPOINT(1 2,)",
            "MULTIPOINT(" + Array(repeating: "1 2", count: 1001).joined(separator: ",") + ")",
            String(repeating: "GEOMETRYCOLLECTION(", count: 50),
        ])
    func refused(_ text: String) { #expect(throws: WellKnownTextError.self) { try WellKnownText.parse(text) } }

    @Test("positions and GeoJSON of every kind are found where the path leads, malformed ones left out")
    func documents() throws {
        let table: [(JSONValue, String, Bool)] = [
            ([6.1, 46.2], "POINT(6.1 46.2)", true), ([6.1, 46.2, 400], "POINT(6.1 46.2)", true),
            ([[1, 1], [6.1, 46.2]], "POINT(6.1 46.2)", true),
            (["type": "Point", "coordinates": [1, 2]], "POINT(1 2)", true),
            (["type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]], "POINT(3 4)", true),
            (["type": "LineString", "coordinates": [[0, 0], [4, 4]]], "POINT(2 2)", true),
            (["type": "MultiLineString", "coordinates": [[[0, 0], [4, 4]]]], "POINT(2 2)", true),
            (["type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 4], [0, 0]]]], "POINT(3 1)", true),
            (["type": "MultiPolygon", "coordinates": [[[[0, 0], [4, 0], [4, 4], [0, 0]]]]], "POINT(3 1)", true),
            (
                ["type": "GeometryCollection", "geometries": [["type": "Point", "coordinates": [1, 2]]]], "POINT(1 2)",
                true
            ),
            (["type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 4]]]], "POINT(3 1)", false),
            (["type": "Point", "coordinates": [1]], "POINT(1 2)", false), ("6.1,46.2", "POINT(6.1 46.2)", false),
            ([], "POINT(0 0)", false), (nil, "POINT(0 0)", false),
        ]
        for (value, text, isMatch) in table {
            let geometry = try WellKnownText.parse(text)
            let filter = Filter.geometry(path: "a/place", .intersects, geometry)
            #expect(filter.matches(["a": ["place": value]]) == isMatch, "\(value)")
            #expect(filter.matches(["a": [["place": value]]]) == isMatch, "\(value)")
        }
        let missing = Filter.geometry(path: "place", .disjoint, try WellKnownText.parse("POINT(0 0)"))
        #expect(!missing.matches(["a": 1]))
    }
}
