import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

@Suite("Queries that cost too much, and those that must not")
struct QueryBudgetTests {
    private func fill(_ store: DocumentStore, _ count: Int) async throws {
        for start in stride(from: 0, to: count, by: 500) {
            try await store.write { transaction in
                for number in start..<min(start + 500, count) {
                    try transaction.insert([
                        "id": .string("demo/\(number)"), "number": JSONValue(number),
                        "state": number % 4 == 0 ? "A" : "B",
                        "parent": .string("user/\(number % 50)"),
                        "acl": ["owners": [.string("user/\(number % 10)"), "group/all"]],
                    ])
                }
            }
        }
    }

    @Test("A query past its budget ends as a timeout that names the attributes without an index and says what to do")
    func timeout() async throws {
        let store = try await DocumentStore.inMemory(
            key: try SealingKey.random(), queryBudget: .zero, clock: FixedClock(), ids: SequenceIDs())
        try await fill(store, 2000)
        let query = DocumentQuery(
            type: "demo", filter: .compare("number", .greater, 5) && .notEqual("state", "C"), order: [.init("size")])
        let error = await #expect(throws: RoadsteadError.self) { try await store.query(query) }
        #expect(error?.code == .timeout)
        #expect(error?.message.contains("looks at number, size, which no index knows") == true)
        #expect(error?.message.contains("Narrow it") == true)
        #expect(error?.context["attributes"] == "number,size")
        // The connection is as good as before.
        #expect(try await store.find(#require(ResourceID("demo/7")))?.revision == 1)
    }

    @Test("A short span of time among many is answered from both its ends")
    func span() async throws {
        let store = try await DocumentStore.inMemory(
            key: try SealingKey.random(), queryBudget: .zero, clock: FixedClock(), ids: SequenceIDs())
        let start = Instant(millisecondsSinceEpoch: 1_793_836_800_000)
        try await store.write { transaction in
            for number in 0..<2000 {
                try transaction.insert([
                    "id": .string("demo/\(number)"), "timestamp": .string((start + .seconds(number)).description),
                ])
            }
        }
        let filter = Filter.and([
            .compare("timestamp", .greaterOrEqual, .date(start + .seconds(500))),
            .compare("timestamp", .less, .date(start + .seconds(502))),
        ])
        // Were only one end looked up, the budget would be spent before the thousandth document.
        let page = try await store.query(DocumentQuery(type: "demo", filter: filter))
        #expect(page.documents.map(\.id.description) == ["demo/500", "demo/501"])
    }

    @Test("On a file, pages and ids are read at once, scans on another thread, and both see every committed write")
    func bothWays() async throws {
        try await TemporaryDirectory.run { directory in
            let store = try await DocumentStore.open(
                path: directory.file("roadstead.db"), key: try SealingKey.random(), clock: FixedClock(),
                ids: SequenceIDs())
            try await fill(store, 3000)
            let scan = DocumentQuery(type: "demo", filter: .compare("number", .greaterOrEqual, 2990), last: 5)
            #expect(try await store.query(scan).count == 10)
            for round in 1...20 {
                let id = try #require(ResourceID("demo/5"))
                try await store.write { _ = try $0.modify(id) { $0["state"] = .string("S\(round)") } }
                #expect(try await store.get(id)["state"] == .string("S\(round)"))
                let query = DocumentQuery(
                    type: "demo", filter: .equal("state", .string("S\(round)")), visibleTo: ["user/5"], last: 20)
                #expect(try await store.query(query).documents.map(\.id) == [id])
            }
            await store.close()
        }
    }

    @Test("Beyond ten thousand matches that must be read the count says that it is not exact; an index counts on")
    func counts() async throws {
        let store = try await DocumentStore.forTests()
        try await fill(store, 10_100)
        let read = try await store.query(DocumentQuery(type: "demo", filter: .notEqual("number", nil), last: 1))
        #expect(read.count == 10_000)
        #expect(!read.isCountExact)
        for query in [
            DocumentQuery(type: "demo", last: 1), DocumentQuery(type: "demo", visibleTo: ["group/all"], last: 1),
            DocumentQuery(type: "demo", filter: .notEqual("state", "C"), visibleTo: ["group/all"], last: 1),
        ] {
            let page = try await store.query(query)
            #expect(page.count == 10_100)
            #expect(page.isCountExact)
        }
    }

    @Test("More than twenty aggregations at once are refused")
    func manyAggregations() async throws {
        let store = try await DocumentStore.forTests()
        let aggregations = (0..<21).map { Aggregation(.terms, "a\($0)") }
        let error = await #expect(throws: RoadsteadError.self) {
            try await store.query(DocumentQuery(type: "demo", aggregations: aggregations))
        }
        #expect(error?.code == .invalidInput)
    }

    @Test("Fifty editors of one document, each repeating what it lost, lose nothing")
    func editors() async throws {
        try await TemporaryDirectory.run { directory in
            let store = try await DocumentStore.open(
                path: directory.file("roadstead.db"), key: try SealingKey.random(), clock: FixedClock(),
                ids: SequenceIDs())
            let id = try await store.write { try $0.insert(["id": "demo/1", "n": 0]).id }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for editor in 0..<50 {
                    group.addTask {
                        // Half of them read first and name the revision, half change within one transaction.
                        guard editor.isMultiple(of: 2) else {
                            _ = try await store.write { try $0.modify(id) { Self.count(editor, in: &$0) } }
                            return
                        }
                        while true {
                            var document = try await store.get(id)
                            Self.count(editor, in: &document.body)
                            let changed = document
                            do {
                                _ = try await store.write { try $0.update(changed) }
                                return
                            } catch let error as RoadsteadError where error.code == .conflict {
                                continue
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let document = try await store.get(id)
            #expect(document["n"] == 50)
            #expect(document.revision == 51)
            #expect((0..<50).allSatisfy { document["by-\($0)"] == true })
            await store.close()
        }
    }

    private static func count(_ editor: Int, in body: inout JSONObject) {
        body["n"] = .integer((body["n"]?.integerValue ?? 0) + 1)
        body["by-\(editor)"] = true
    }
}
