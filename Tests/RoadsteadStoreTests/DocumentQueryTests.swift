import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

@Suite("Queries")
struct DocumentQueryTests {
    /// The sample collection of the interface specification (filters, worked examples).
    static let samples: [JSONObject] = [
        [
            "id": "demo/1", "name": "Alpha One", "state": "RUNNING", "cpu": 4, "load": 0.5, "online": true,
            "tags": ["prod", "eu"], "created": "2026-11-01T10:00:00.000Z", "target": ["href": "user/a"],
        ],
        [
            "id": "demo/2", "name": "alpha two", "state": "STOPPED", "cpu": 8, "online": false, "tags": ["dev"],
            "created": "2026-11-10T10:00:00.000Z", "target": ["href": "user/b"],
        ],
        [
            "id": "demo/3", "name": "Beta", "state": "RUNNING", "cpu": 16, "load": 2.25, "tags": [],
            "created": "2026-11-20T10:00:00.000Z",
        ],
        ["id": "demo/4", "state": "ERROR", "created": "2026-10-01T00:00:00.000Z", "parent": "demo/1"],
    ]

    static let day5 = Instant(millisecondsSinceEpoch: 1_793_836_800_000)

    /// Filters with the numbers of the documents that they match, most of them from the specification's table.
    static let cases: [(Filter, [Int])] = [
        (.equal("state", "RUNNING"), [1, 3]),
        (.equal("state", "running"), []),
        (.notEqual("state", "RUNNING"), [2, 4]),
        (.equal("parent", "demo/1"), [4]),
        (.notEqual("parent", "demo/1"), [1, 2, 3]),
        (.notEqual("parent", "demo/2"), [1, 2, 3, 4]),
        (.equal("parent", nil), [1, 2, 3]),
        (.equal("tags", "prod"), [1]),
        (.notEqual("tags", "prod"), [2, 3, 4]),
        (.equal("tags", nil), [3, 4]),
        (.notEqual("tags", nil), [1, 2]),
        (.oneOf("tags", ["prod", "dev"]), [1, 2]),
        (.oneOf("state", ["RUNNING", "ERROR"]), [1, 3, 4]),
        (.notEqual("state", "RUNNING", "ERROR"), [2]),
        (.oneOf("id", []), []),
        (.notEqual("id"), [1, 2, 3, 4]),
        (.notEqual("id", nil), [1, 2, 3, 4]),
        (.oneOf("id", ["demo/2", "demo/9", "demo/4"]), [2, 4]),
        (.notEqual("id", "demo/2"), [1, 3, 4]),
        (.compare("name", .prefix, "alpha"), [2]),
        (.compare("name", .prefix, "Al"), [1]),
        (.compare("name", .prefix, "One"), []),
        (.compare("cpu", .greaterOrEqual, 8), [2, 3]),
        (.equal("cpu", "8"), [2]),
        (.equal("cpu", 8), [2]),
        (.compare("cpu", .less, 4), []),
        (.compare("cpu", .lessOrEqual, 4), [1]),
        (.compare("load", .greater, "0.75"), [3]),
        (.equal("online", true), [1]),
        (.notEqual("online", true), [2, 3, 4]),
        (.equal("online", "false"), [2]),
        (.compare("created", .greater, "2026-11-05"), [2, 3]),
        (.compare("created", .greaterOrEqual, .date(day5)), [2, 3]),
        (.compare("created", .less, .date(day5)), [1, 4]),
        (.equal("target/href", "user/a"), [1]),
        (.notEqual("target/href", nil) && .compare("cpu", .greater, 4), [2]),
        (.notEqual("target", nil), [1, 2]),
        (.equal("target", "user/a"), []),
        (.equal("state", "RUNNING") || .equal("state", "STOPPED") && .equal("cpu", 8), [1, 2, 3]),
        ((.equal("state", "RUNNING") || .equal("state", "STOPPED")) && .equal("cpu", 8), [2]),
        (.equal("nosuch", "x"), []), (.notEqual("nosuch", "x"), [1, 2, 3, 4]), (.equal("nosuch", nil), [1, 2, 3, 4]),
        (.and([]), [1, 2, 3, 4]), (.or([]), []),
        (.equal("name/first", "x"), []), (.equal("tags/x", nil), [1, 2, 3, 4]),
        (.words(["alpha"], endsInPrefix: false), [1, 2]), (.not(.words(["al"], endsInPrefix: true)), [3, 4]),
        (.not(.equal("state", "RUNNING")) && .not(.equal("nosuch", 1)), [2, 4]),
        (.equal("name", "' OR '1'='1"), []), (.equal("na' OR 1 --", "x"), []),
    ]

    private func store(_ documents: [JSONObject] = samples) async throws -> DocumentStore {
        let store = try await DocumentStore.forTests()
        try await store.write { transaction in for body in documents { try transaction.insert(body) } }
        return store
    }

    private func numbers(_ page: DocumentPage) -> [Int] { page.documents.compactMap { Int($0.id.identifier) } }

    @Test("counts are remembered for one spelling of a character, not for the other")
    func countsOfSpellings() async throws {
        let store = try await DocumentStore.forTests()
        for (number, name) in ["\u{E9}", "\u{E9}", "e\u{301}"].enumerated() {
            _ = try await store.write { try $0.insert(["id": .string("demo/\(number)"), "name": .string(name)]) }
        }
        for (name, count) in [("\u{E9}", 2), ("e\u{301}", 1), ("\u{E9}", 2)] {
            let equal = DocumentQuery(type: "demo", filter: .equal("name", .string(name)))
            let words = DocumentQuery(type: "demo", filter: .words([ExactText(name)], endsInPrefix: false))
            for query in [equal, words] {
                let page = try await store.query(query)
                #expect(page.count == count && page.documents.count == count, "\(name.utf8.count) bytes")
            }
        }
    }

    @Test("a change from one spelling of a character to another is found by the new one")
    func spellings() async throws {
        let store = try await DocumentStore.forTests()
        let stored = try await store.write { transaction in
            let made = try transaction.insert(["id": "demo/1", "name": "\u{E9}"])
            return try transaction.modify(made.id) { $0["name"] = "e\u{301}" }
        }
        for (prefix, count) in [("e", 1), ("e\u{301}", 1), ("\u{E9}", 0)] {
            let filter = Filter.compare("name", .prefix, .string(prefix))
            let page = try await store.query(DocumentQuery(type: "demo", filter: filter))
            #expect(page.documents.map(\.id) == Array(repeating: stored.id, count: count), "\(prefix.utf8.count) bytes")
        }
    }

    @Test("Filters match what the interface specification says, in SQL and in memory alike")
    func workedExamples() async throws {
        let store = try await store()
        for (filter, expected) in Self.cases {
            let page = try await store.query(DocumentQuery(type: "demo", filter: filter, order: [.init("id")]))
            #expect(numbers(page) == expected, "SQL: \(filter)")
            #expect(page.count == expected.count)
            #expect(page.isCountExact)
            let matching = Self.samples.filter { filter.matches($0) }.compactMap { $0["id"]?.stringValue }
            #expect(matching == expected.map { "demo/\($0)" }, "memory: \(filter)")
        }
    }

    @Test("Pages are counted from 1 and inclusive; the count is of all matches")
    func paging() async throws {
        let store = try await store()
        let table: [(Int, Int?, [Int])] = [
            (1, nil, [4, 1, 2, 3]), (1, 2, [4, 1]), (2, 3, [1, 2]), (4, 9, [3]), (5, 9, []), (1, 0, []), (3, 2, []),
            (-7, 1, [4]), (0, nil, [4, 1, 2, 3]),
        ]
        for (first, last, expected) in table {
            let page = try await store.query(DocumentQuery(type: "demo", first: first, last: last))
            #expect(numbers(page) == expected)
            #expect(page.count == 4)
        }
        let error = await #expect(throws: RoadsteadError.self) {
            try await store.query(DocumentQuery(type: "demo", first: 1, last: 10_001))
        }
        #expect(error?.code == .invalidInput)
        #expect(error?.message.contains("last=10001") == true)
    }

    @Test("Missing values come last in both directions; arrays count by least or greatest; ties in order of making")
    func ordering() async throws {
        let store = try await store()
        let table: [([DocumentQuery.Order], [Int])] = [
            ([.init("cpu")], [1, 2, 3, 4]), ([.init("cpu", ascending: false)], [3, 2, 1, 4]),
            ([.init("name")], [1, 3, 2, 4]), ([.init("name", ascending: false)], [2, 3, 1, 4]),
            ([.init("tags")], [2, 1, 3, 4]), ([.init("tags", ascending: false)], [1, 2, 3, 4]),
            ([.init("state"), .init("created", ascending: false)], [4, 3, 1, 2]),
            ([.init("target/href", ascending: false)], [2, 1, 3, 4]), ([.init("created")], [4, 1, 2, 3]),
            ([.init("created", ascending: false)], [3, 2, 1, 4]), ([], [4, 1, 2, 3]),
            ([.init("id", ascending: false)], [4, 3, 2, 1]), ([.init("nosuch")], [1, 2, 3, 4]),
        ]
        for (order, expected) in table {
            #expect(numbers(try await store.query(DocumentQuery(type: "demo", order: order))) == expected, "\(order)")
        }
    }

    @Test("A principal lists what it owns or may view, follows every change of the ACL, and manage alone shows nothing")
    func visibility() async throws {
        let store = try await store([
            ["id": "demo/1", "acl": ["owners": ["user/a"]]],
            ["id": "demo/2", "acl": ["owners": ["user/b"], "view-meta": ["group/x", "user/a"]]],
            ["id": "demo/3", "acl": ["owners": ["user/b"], "manage": ["user/a"]]],
            ["id": "demo/4"],
        ])
        func listed(_ principals: Set<String>?) async throws -> [Int] {
            numbers(try await store.query(DocumentQuery(type: "demo", visibleTo: principals)))
        }
        #expect(try await listed(["user/a"]) == [1, 2])
        #expect(try await listed(["group/x", "user/a"]) == [1, 2])
        #expect(try await listed(["user/b"]) == [2, 3])
        #expect(try await listed([]) == [])
        #expect(try await listed(nil) == [1, 2, 3, 4])
        #expect(try await listed(["user/z", Principal.admin]) == [1, 2, 3, 4])
        let second = try #require(ResourceID("demo/2"))
        try await store.write { _ = try $0.modify(second) { $0["acl"] = ["owners": ["user/c"]] } }
        #expect(try await listed(["user/a", "user/b"]) == [1, 3])
        #expect(try await listed(["user/c"]) == [2])
    }

    @Test("A page that is larger than the question allows is refused, with the number of documents that would fit")
    func pageSize() async throws {
        let store = try await store()
        var query = DocumentQuery(type: "demo")
        query.maximumSize = 300
        let error = await #expect(throws: RoadsteadError.self) { try await store.texts(query) }
        #expect(
            error?.code == .invalidInput && error?.message.contains("more than 300 bytes; ask for at most 1 ") == true)
        query.last = 1
        #expect(try await store.texts(query).documents.count == 1)
        query.maximumSize = 1
        #expect(try await store.query(query).documents.count == 1)
    }

    @Test("Filters at the caps are answered, whatever is compared and whoever asks")
    func atTheCaps() async throws {
        // What is asked is whether they can be answered at all, not how soon by a debug build.
        let store = try await DocumentStore.inMemory(
            key: try SealingKey.random(), queryBudget: .seconds(120), clock: FixedClock(), ids: SequenceIDs())
        try await store.write { transaction in
            for body in Self.samples {
                try transaction.insert(body.merging(["acl": ["owners": ["user/a", "user/b"]]]))
            }
        }
        let values = Array(0..<3000)
        let day = Instant(millisecondsSinceEpoch: 1_793_836_800_000)
        let years: [FilterLiteral] = values.map { .period(DatePeriod(day), text: "\($0 + 1000)") }
        var deep = Filter.equal("a", 1)
        for _ in 0..<100 { deep = .not(deep) }
        let nested: (Int) -> Filter = { levels in
            (0..<levels).reduce(Filter.notEqual("state", "x")) { inner, level in
                level.isMultiple(of: 2)
                    ? .and([.equal("b", 2), .not(inner)]) : .or([.equal("state", "y"), .not(inner)])
            }
        }
        let filters: [Filter] = [
            .oneOf("tags", values.map { "a\($0)" }), .oneOf("state", values.map(String.init)),
            .oneOf("id", values.map { "demo/\($0)" }), .oneOf("nested/attribute/here", values.map(String.init)),
            .comparison(path: "state", operator: .equal, values: years), deep, nested(35),
            .or((0..<500).map { .equal("a", .integer($0)) }),
            .and((0..<500).map { .notEqual("state", .string("s\($0)")) }),
        ]
        for filter in filters {
            let expected = Self.samples.filter { filter.matches($0) }.compactMap { $0["id"]?.stringValue }
            let found = try await store.query(
                DocumentQuery(type: "demo", filter: filter, visibleTo: ["user/a", "user/b"]))
            #expect(found.documents.map(\.id.description).sorted() == expected.sorted())
        }
        let figures = DocumentQuery(
            type: "demo", filter: nested(35), visibleTo: ["user/a"], last: 0,
            aggregations: [Aggregation(.terms, "a/b/c")])
        #expect(try await store.query(figures).count == Self.samples.count { nested(35).matches($0) })
        for levels in [60, 99] {
            let error = await #expect(throws: RoadsteadError.self) {
                try await store.query(DocumentQuery(type: "demo", filter: nested(levels)))
            }
            #expect(error?.code == .invalidInput && error?.message.contains("nests too deep") == true)
        }
        let orders = (0..<DocumentQuery.maximumOrder).map { DocumentQuery.Order(FilterPath("a\($0)")) }
        #expect(numbers(try await store.query(DocumentQuery(type: "demo", order: orders))) == [1, 2, 3, 4])
        let error = await #expect(throws: RoadsteadError.self) {
            try await store.query(DocumentQuery(type: "demo", order: orders + [.init("b")]))
        }
        #expect(error?.code == .invalidInput && error?.message.contains("at most 20") == true)
    }

    @Test("Filters past the caps are refused as invalid input")
    func caps() async throws {
        let store = try await store()
        var deep = Filter.equal("a", 1)
        for _ in 0..<200 { deep = .and([deep]) }
        let wide = Filter.or((0..<600).map { _ in Filter.equal("a", 1) })
        let long = Filter.oneOf("a", (0...3000).map { "\($0)" })
        let path = FilterPath((0..<16).map { "name\($0)" })
        let endless = Filter.or(
            (0..<500).map { _ in .comparison(path: path, operator: .equal, values: [.null, .integer(1)]) })
        for filter in [deep, wide, long, endless, .equal("a\"b", 1), .equal("", 1), .equal("a//b", 1)] {
            let error = await #expect(throws: RoadsteadError.self) {
                try await store.query(DocumentQuery(type: "demo", filter: filter))
            }
            #expect(error?.code == .invalidInput)
        }
    }
}
