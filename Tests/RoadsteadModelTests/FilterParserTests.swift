import RoadsteadBasics
import RoadsteadModel
import Testing

/// The reference's own worked examples: four documents, what each filter matches, and which texts are no filters.
@Suite struct FilterParserTests {
    static let now = Instant(rfc3339: "2026-11-22T12:00:00Z") ?? Instant(millisecondsSinceEpoch: 0)

    static let documents: [JSONObject] = [
        [
            "id": "demo/1", "name": "Alpha One", "state": "RUNNING", "cpu": 4, "load": 0.5, "online": true,
            "tags": ["prod", "eu"], "created": "2026-11-01T10:00:00.000Z", "target": ["href": "user/a"],
            "acl": ["owners": ["user/a"]],
        ],
        [
            "id": "demo/2", "name": "alpha two", "state": "STOPPED", "cpu": 8, "online": false, "tags": ["dev"],
            "created": "2026-11-10T10:00:00.000Z", "target": ["href": "user/b"],
        ],
        [
            "id": "demo/3", "name": "Beta", "state": "RUNNING", "cpu": 16, "load": 2.25, "tags": [],
            "created": "2026-11-20T10:00:00.000Z", "location": [6.1, 46.2],
        ],
        ["id": "demo/4", "state": "ERROR", "created": "2026-10-01T00:00:00.000Z", "parent": "demo/1"],
    ]

    static let examples: [(filter: String, matches: [Int])] = [
        ("state='RUNNING'", [1, 3]),
        ("state = \"RUNNING\"", [1, 3]),
        ("state='running'", []),
        ("state!='RUNNING'", [2, 4]),
        ("'demo/1'=parent", [4]),
        ("tags='prod'", [1]),
        ("tags!='prod'", [2, 3, 4]),
        ("tags=null", [3, 4]),
        ("tags!=null", [1, 2]),
        ("tags=['prod' 'dev']", [1, 2]),
        ("state=['RUNNING','ERROR']", [1, 3, 4]),
        ("state!=['RUNNING' 'ERROR']", [2]),
        ("id=[]", []),
        ("id!=[]", [1, 2, 3, 4]),
        ("id!=null", [1, 2, 3, 4]),
        ("name^='alpha'", [2]),
        ("name^='Al'", [1]),
        ("name^='One'", []),
        ("name=='alpha*'", [2]),
        ("tags=='prod'", [1]),
        ("tags=='pr* dev'", [1, 2]),
        ("name=='\"Alpha One\"'", [1]),
        ("name=='Alpha One'", []),
        ("fulltext=='alpha*'", [1, 2]),
        ("fulltext=='one beta'", [1, 3]),
        ("fulltext=='+alpha +two'", [2]),
        ("fulltext=='alpha -one'", [1, 2, 3, 4]),
        ("fulltext=='alpha +-one'", [2]),
        ("fulltext=='ALPHA | \"alpha two\"'", [1, 2]),
        ("fulltext=='demo'", [1, 2, 3, 4]),
        ("fulltext=='\"demo 3\"'", [3]),
        ("fulltext=='PROD'", [1]),
        ("fulltext==''", []),
        ("fulltext=='running'", []),
        ("cpu>=8", [2, 3]),
        ("cpu='8'", [2]),
        ("8=cpu", [2]),
        ("4<cpu", []),
        ("load>'0.75'", [3]),
        ("online=true", [1]),
        ("online!=true", [2, 3, 4]),
        ("online=false", [2]),
        ("created>'2026-11-05'", [2, 3]),
        ("created>=2026-11-05T00:00:00Z", [2, 3]),
        ("created>='2026-11-10T10:00:00Z'", [2, 3]),
        ("created>='now-7d'", [3]),
        ("created>'now-2w+1d'", [2, 3]),
        ("created>='2026-11'", [1, 2, 3]),
        ("created>'2026-10'", [1, 2, 3]),
        ("created<='2026-11-10'", [1, 2, 4]),
        ("created='2026-11-10'", [2]),
        ("created!='2026-11-10'", [1, 3, 4]),
        ("created=['2026-11-10' '2026-10']", [2, 4]),
        ("created>=2026-11-05", [2, 3]),
        ("created<2026-11", [4]),
        ("created>='1793836800000'", [2, 3]),
        ("created>='2026-11-01||+1d/d'", [2, 3]),
        ("created<'now/M'", [4]),
        ("created<='now-1M/M'", [4]),
        ("location intersects 'POLYGON((5 45,7 45,7 47,5 47,5 45))'", [3]),
        ("location within 'POLYGON((5 45,7 45,7 47,5 47,5 45))'", [3]),
        ("location disjoint 'POINT(0 0)'", [3]),
        ("location contains 'POINT(6.1 46.2)'", [3]),
        ("nosuch intersects 'POINT(0 0)'", []),
        ("target/href='user/a'", [1]),
        ("target/href!=null and cpu>4", [2]),
        ("state='RUNNING' or state='STOPPED' and cpu=8", [1, 2, 3]),
        ("(state='RUNNING' or state='STOPPED') and cpu=8", [2]),
        ("nosuch='x'", []),
        ("nosuch!='x'", [1, 2, 3, 4]),
        ("nosuch=null", [1, 2, 3, 4]),
        ("acl/owners='user/a'", [1]),
        ("(id='demo/1')or(id='demo/2')", [1, 2]),
        ("id='demo/1'and(cpu=4)", [1]),
    ]

    @Test("a filter matches what the reference says", arguments: examples)
    func matches(_ example: (filter: String, matches: [Int])) throws {
        let filter = try Filter.parse(example.filter, now: Self.now)
        let matched = Self.documents.enumerated().filter { filter.matches($1) }.map { $0.offset + 1 }
        #expect(matched == example.matches)
    }

    @Test(
        "what is no filter is refused with the dialect's first words",
        arguments: [
            "", "()", "   ", "state=RUNNING", "name^=3", "name^=null", "load>0.75", "cpu=-1", "online>true", "cpu>null",
            "created>=2026-13-05", "created>=2026-11-05T", "cpu>[1 2]", "1a='x'", "_a='x'", "a-='x'", "/a='x'",
            "a/1='x'", "a:='x'",
            "x:y:z='x'", "state='RUNNING", "state='a' and", "state='a' state='b'", "(state='a'", "state='a')",
            "location within 'not wkt'", "'POINT(0 0)' within location",
            "location within POINT", "location within 'POLYGON((0 0,1 0,1 1))'", "fulltext==3", "not state='a'",
            "state='a' & cpu=1",
            "cpu=99999999999999999999", "ünicode='x'", "name='a' or or name='b'",
        ])
    func refused(_ text: String) {
        #expect(throws: FilterParseError.self) { try Filter.parse(text, now: Self.now) }
        do { _ = try Filter.parse(text, now: Self.now) } catch {
            #expect(error.description.hasPrefix("Invalid CIMI filter."))
        }
    }

    @Test("names may have inner hyphens, a namespace and an at sign")
    func names() throws {
        for name in ["a", "a1", "a-b", "schema-org:size", "acl/owners", "@timestamp", "a_b"] {
            let filter = try Filter.parse("\(name)='x'", now: Self.now)
            #expect(filter == .comparison(path: FilterPath(name), operator: .equal, values: ["x"]))
        }
    }

    @Test("a protected quote stays in the value with its backslash")
    func escapes() throws {
        let filter = try Filter.parse(#"name='a\'b'"#, now: Self.now)
        #expect(filter == .equal("name", .string(#"a\'b"#)))
    }

    @Test("depth is capped")
    func depth() {
        let deep = String(repeating: "(", count: 200) + "a='x'" + String(repeating: ")", count: 200)
        #expect(throws: FilterParseError.self) { try Filter.parse(deep, now: Self.now) }
        let shallow = String(repeating: "(", count: 90) + "a='x'" + String(repeating: ")", count: 90)
        #expect(throws: Never.self) { try Filter.parse(shallow, now: Self.now) }
    }

    @Test("whatever bytes come, the parser answers and never traps")
    func hostile() {
        let pieces = [
            "'", "\"", "(", ")", "[", "]", "a", "=", "!=", "^=", "1", "-", "\\", "and", "or", " ", "é", "\u{0}",
        ]
        var state: UInt64 = 42
        for _ in 0..<20_000 {
            var text = ""
            for _ in 0..<12 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += pieces[Int(state >> 33) % pieces.count]
            }
            if let filter = try? Filter.parse(text, now: Self.now) { _ = filter.matches(Self.documents[0]) }
        }
    }
}
