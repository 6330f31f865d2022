import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel
import RoadsteadStore
import Testing

@testable import RoadsteadControl

@Suite struct DataRecordTests {
    private static let base: JSONObject = ["infrastructure-service": "infrastructure-service/x"]

    private func register(_ prefix: String, _ test: TestPlane, uri: String? = nil) async throws -> ResourceID {
        try await test.add(
            "data-record-key-prefix",
            ["prefix": .string(prefix), "uri": .string(uri ?? "https://\(prefix).example.org")],
            by: .system)
    }

    private func record(_ more: JSONObject, _ test: TestPlane) async throws -> ResourceID {
        try await test.add("data-record", Self.base.merging(more))
    }

    @Test("a record takes any attribute, those of a namespace at any depth when it is registered")
    func open() async throws {
        let test = try await TestPlane.make()
        #expect(try await register("sky", test).description == "data-record-key-prefix/sky")
        let more: JSONObject = [
            "bucket": "frames", "sky:station": "alps-1", "nested": ["deep": [["sky:x": 1]]], "bytes": 1024,
        ]
        let id = try await record(more, test)
        let read = try await test.resources.get(id, in: test.scope())
        #expect(more.allSatisfy { read[$0.key] == $0.value })
        #expect(read["acl"]?["owners"] == ["group/nuvla-admin"])
    }

    private static let foreign: [JSONObject] = [
        ["cloud:x": 1], ["a": ["cloud:x": 1]], ["a": [["b": ["cloud:x": 1]]]],
    ]

    @Test("an unregistered namespace is not acceptable, wherever it stands", arguments: foreign)
    func unknownPrefix(more: JSONObject) async throws {
        let test = try await TestPlane.make()
        let added = await test.failure { _ = try await record(more, test) }
        #expect(ErrorAnswer(added).status == 406 && added.message.contains("undefined prefixes: cloud"))
        let id = try await record([:], test)
        let edited = await test.failure { _ = try await test.resources.edit(id, more, in: test.scope()) }
        #expect(ErrorAnswer(edited).status == 406)
    }

    @Test("a key whose id would be too long is refused in words that say how long it may be")
    func longKey() async throws {
        let test = try await TestPlane.make()
        let prefix = String(repeating: "p", count: 60)
        _ = try await register(prefix, test)
        let add = { (length: Int) in
            try await test.add(
                "data-record-key",
                [
                    "prefix": .string(prefix), "key": .string(String(repeating: "k", count: length)), "name": "n",
                    "subtype": "string",
                    "description": "d",
                ], by: .system)
        }
        #expect(try await add(59).description.utf8.count == 256)
        let refused = await test.failure { _ = try await add(60) }
        #expect(refused.code == .invalidInput && refused.message.contains("120 bytes together"))
    }

    @Test("a text under a key of its own is found by full text")
    func fullText() async throws {
        let test = try await TestPlane.make()
        let id = try await record(["station": "alps", "bytes": 1], test)
        _ = try await record(["station": "sea"], test)
        let found = try await test.resources.query(
            "data-record", QueryParameters(filters: ["fulltext=='alps'"]), in: test.scope(.system))
        #expect(found.resources.compactMap { $0["id"]?.stringValue } == [id.description])
    }

    @Test("a record may use two hundred prefixes, and is refused with more before any is looked for")
    func manyPrefixes() async throws {
        let test = try await TestPlane.make()
        let keys = { (count: Int) in JSONObject((0..<count).map { ("p\($0):x", .integer(1)) }) }
        let unknown = await test.failure { _ = try await record(keys(200), test) }
        #expect(ErrorAnswer(unknown).status == 406)
        let refused = await test.failure { _ = try await record(keys(201), test) }
        #expect(ErrorAnswer(refused).status == 400 && refused.message.contains("201 prefixes"))
    }

    @Test("a record of two hundred thousand keys is taken and edited as any other")
    func manyKeys() async throws {
        let test = try await TestPlane.make()
        let many = JSONObject((0..<200_000).map { ("k\($0)", .integer(1)) })
        let id = try await record(many, test)
        let edited = try await test.resources.edit(id, many.filter { $0.value == 1 }, in: test.scope())
        #expect(edited["k199999"] == 1)
    }

    @Test("known attributes keep their kinds in an open record")
    func kinds() async throws {
        let test = try await TestPlane.make()
        for wrong in [["bytes": "many"], ["timestamp": "yesterday"], ["mount": ["target": "/x"]]] as [JSONObject] {
            #expect(await test.failure { _ = try await record(wrong, test) }.code == .invalidInput)
        }
        let missing = await test.failure { _ = try await test.add("data-record", ["name": "x"]) }
        #expect(missing.message.contains("infrastructure-service is missing"))
    }

    private static let square: JSONValue = [[[0, 0], [1, 0], [1, 1], [0, 0]]]

    private static let goodPlaces: [JSONObject] = [
        ["location": [6.1, 46.2]], ["location": [6.1, 46.2, 400]],
        geometry("Point", [7.1, 46.2]), geometry("Polygon", square), geometry("MultiPolygon", [square]),
    ]

    private static func geometry(_ type: String, _ coordinates: JSONValue) -> JSONObject {
        ["geometry": ["type": .string(type), "coordinates": coordinates]]
    }

    @Test("places on the earth are taken", arguments: goodPlaces)
    func places(more: JSONObject) async throws {
        let test = try await TestPlane.make()
        _ = try await record(more, test)
    }

    private static let badPlaces: [(JSONObject, String)] = [
        (["location": [181, 0]], "location"), (["location": [1]], "location"), (["location": [0, 91]], "latitude"),
        (["location": ["a", "b"]], "location"), (geometry("Circle", [1, 2]), "geometry.type"),
        (["geometry": ["type": "Point"]], "geometry.coordinates"),
        (geometry("Point", [[1, 2]]), "geometry.coordinates"),
        (geometry("Polygon", [[[0, 0], [1, 0], [0, 0]]]), "coordinates[0]"),
        (geometry("Polygon", [[[0, 0], [1, 0], [1, 1], [2, 2]]]), "end where it begins"),
        (geometry("MultiPolygon", square), "coordinates[0][0]"),
    ]

    @Test("what is no place is refused, with where it is wrong", arguments: badPlaces)
    func noPlaces(more: JSONObject, place: String) async throws {
        let test = try await TestPlane.make()
        let refused = await test.failure { _ = try await record(more, test) }
        #expect(refused.code == .invalidInput && refused.message.contains(place), "\(refused.message)")
    }

    @Test("prefix and URI are registered once, by an administrator, and seen by everybody")
    func prefixes() async throws {
        let test = try await TestPlane.make()
        let id = try await register("sky", test, uri: "https://sky.example.org")
        let stranger = await test.failure {
            _ = try await test.add("data-record-key-prefix", ["prefix": "own", "uri": "https://own.example.org"])
        }
        #expect(stranger.code == .forbidden)
        #expect(await test.failure { _ = try await register("sky", test, uri: "https://b") }.code == .conflict)
        let sameURI = await test.failure { _ = try await register("sea", test, uri: "https://sky.example.org") }
        #expect(sameURI.code == .conflict && sameURI.message.contains(id.description))
        #expect(await test.failure { _ = try await register("Sky-", test) }.code == .invalidInput)
        #expect(try await test.resources.query("data-record-key-prefix", in: test.scope()).count == 1)
        _ = try await test.resources.delete(id, in: test.scope(.system))
        _ = try await register("sea", test, uri: "https://sky.example.org")
    }

    @Test("a key is described once, under a registered prefix, with an id made of both")
    func keys() async throws {
        let test = try await TestPlane.make()
        let key: JSONObject = [
            "prefix": "sky", "key": "station", "subtype": "string", "name": "Station", "description": "Where",
        ]
        let early = await test.failure { _ = try await test.add("data-record-key", key) }
        #expect(ErrorAnswer(early).status == 406)
        _ = try await register("sky", test)
        #expect(try await test.add("data-record-key", key).identifier == "736b793a73746174696f6e")
        #expect(await test.failure { _ = try await test.add("data-record-key", key) }.code == .conflict)
    }

    @Test("evidence takes namespaced attributes alone, is never edited, and goes in bulk")
    func evidence() async throws {
        let test = try await TestPlane.make()
        let record: JSONObject = [
            "start-time": "2026-11-20T10:00:00.000Z", "end-time": "2026-11-20T10:01:00.000Z", "plan-id": "p",
            "passed": true,
        ]
        let plain = await test.failure { _ = try await test.add("evidence-record", record.merging(["score": 1])) }
        #expect(ErrorAnswer(plain).status == 400)
        let foreign = await test.failure { _ = try await test.add("evidence-record", record.merging(["a:score": 1])) }
        #expect(ErrorAnswer(foreign).status == 406)
        _ = try await register("acme", test)
        let id = try await test.add("evidence-record", record.merging(["acme:score": 12]))
        let edited = await test.failure { _ = try await test.resources.edit(id, ["passed": false], in: test.scope()) }
        #expect(ErrorAnswer(edited).status == 405)
        #expect(ResourceType.evidenceRecord.verbs.contains(.bulkDelete))
    }

    @Test("a data set is stored and not run")
    func dataSet() async throws {
        let test = try await TestPlane.make()
        let id = try await test.add("data-set", ["name": "frames", "data-record-filter": "sky:station='alps-1'"])
        #expect(try await test.store.get(id)["data-record-filter"] == "sky:station='alps-1'")
    }
}
