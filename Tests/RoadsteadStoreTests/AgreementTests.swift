import Foundation
import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

/// What the store answers by SQL and indexes is what the same question gives over the same documents in memory.
@Suite("SQL and memory agree")
struct AgreementTests {
    /// The same in every run, so that a red run is one that the change at hand made; `ROADSTEAD_TEST_SEED` sets another.
    private static let seed =
        ProcessInfo.processInfo.environment["ROADSTEAD_TEST_SEED"].flatMap { UInt64($0) } ?? 173_135_570

    private var seedNote: Comment { "with ROADSTEAD_TEST_SEED=\(Self.seed)" }

    /// A store whose documents were all changed once, so that the indexes show updates too, with the bodies it holds.
    private func stored(
        _ count: Int, using random: inout SeededRandom
    ) async throws -> (store: DocumentStore, bodies: [JSONObject]) {
        let store = try await DocumentStore.forTests()
        var bodies: [JSONObject] = []
        for number in 0..<count {
            let first = RandomDocuments.document(number, using: &random)
            let second = RandomDocuments.document(number, using: &random).merging([
                "created": first["created"] ?? .null
            ])
            let isChanged = Bool.random(using: &random)
            bodies.append(
                try await store.write { transaction in
                    let made = try transaction.insert(first)
                    return isChanged ? try transaction.modify(made.id) { $0 = second }.body : made.body
                })
        }
        return (store, bodies)
    }

    /// Nobody in particular, one principal, and several of them: each is answered in its own way.
    private func principals(_ number: Int) -> Set<String>? {
        switch number % 4 {
        case 0: nil
        case 1: ["user/a"]
        case 2: ["user/a", "group/x", "group/none"]
        default: Set(RandomDocuments.principals)
        }
    }

    private func visible(_ bodies: [JSONObject], to principals: Set<String>?) -> [JSONObject] {
        guard let principals else { return bodies }
        return bodies.filter { body in
            body["acl"]?["owners"]?.arrayValue?.contains { principals.contains($0.stringValue ?? "") } ?? false
        }
    }

    private func inOrderOfMaking(_ bodies: [JSONObject]) -> [String] {
        let sorted = bodies.enumerated().sorted { left, right in
            let (first, second) = (
                left.element["created"]?.stringValue ?? "", right.element["created"]?.stringValue ?? ""
            )
            return first == second ? left.offset < right.offset : first < second
        }
        return sorted.compactMap { $0.element["id"]?.stringValue }
    }

    @Test("on 30,000 random pairs of a document and a filter, whoever asks")
    func filters() async throws {
        var random = SeededRandom(seed: Self.seed)
        let (store, bodies) = try await stored(60, using: &random)
        var telling = 0
        for number in 0..<500 {
            let (filter, principals) = (RandomDocuments.filter(using: &random), principals(number))
            let page = try await store.query(DocumentQuery(type: "demo", filter: filter, visibleTo: principals))
            let candidates = visible(bodies, to: principals)
            let expected = candidates.filter { filter.matches($0) }
            let found = page.documents.map(\.id.description)
            if found != inOrderOfMaking(expected) {
                let differing = Set(found).symmetricDifference(inOrderOfMaking(expected)).sorted().prefix(2)
                let shown = bodies.filter { differing.contains($0["id"]?.stringValue ?? "") }
                Issue.record(
                    "\(filter) for \(principals ?? ["everybody"]) differs \(seedNote) on \(shown.map { JSONValue.object($0).text() })"
                )
            }
            #expect(page.count == expected.count, seedNote)
            if !expected.isEmpty, expected.count < candidates.count { telling += 1 }
        }
        // Filters that match nothing or everything prove little.
        #expect(telling > 150, seedNote)
    }

    @Test("on spans of time with two ends, of attributes that hold one moment, several, or something else")
    func spans() async throws {
        var random = SeededRandom(seed: Self.seed + 3)
        let (store, bodies) = try await stored(60, using: &random)
        let days = (3...8).map { Instant(millisecondsSinceEpoch: 1_793_664_000_000 + $0 * 43_200_000) }
        for number in 0..<72 {
            let path: FilterPath = number.isMultiple(of: 2) ? "timestamp" : "expiry"
            let filter = Filter.and([
                .compare(path, number % 3 == 0 ? .greater : .greaterOrEqual, .date(days[number % 6])),
                .compare(path, number % 5 == 0 ? .lessOrEqual : .less, .date(days[number * 7 % 6])),
            ])
            let principals = principals(number)
            let page = try await store.query(DocumentQuery(type: "demo", filter: filter, visibleTo: principals))
            let expected = visible(bodies, to: principals).filter { filter.matches($0) }
            #expect(page.documents.map(\.id.description) == inOrderOfMaking(expected), "\(filter) \(seedNote)")
        }
    }

    @Test("on random aggregations of random matches")
    func aggregations() async throws {
        var random = SeededRandom(seed: Self.seed + 1)
        let (store, bodies) = try await stored(50, using: &random)
        for number in 0..<80 {
            let principals = principals(number)
            let filter = number % 3 == 0 ? RandomDocuments.filter(using: &random) : nil
            let path = RandomDocuments.path(using: &random)
            let aggregations = Aggregation.Algorithm.allCases.map { Aggregation($0, path.description) }
            let page = try await store.query(
                DocumentQuery(type: "demo", filter: filter, visibleTo: principals, last: 0, aggregations: aggregations))
            let matching = visible(bodies, to: principals).filter { filter?.matches($0) ?? true }
            for aggregation in aggregations {
                let expected = JSONValue.object(aggregation.result(over: matching))
                let found = page.aggregations[aggregation.key] ?? .null
                #expect(
                    Self.rounded(found) == Self.rounded(expected),
                    "\(aggregation.key) of \(matching.count): \(found.text()), not \(expected.text()) \(seedNote)")
            }
        }
    }

    @Test("on pages in every order that an index gives, for one and for several principals")
    func orders() async throws {
        var random = SeededRandom(seed: Self.seed + 2)
        let (store, bodies) = try await stored(60, using: &random)
        for number in 0..<60 {
            let principals = principals(number)
            let isAscending = Bool.random(using: &random)
            let query = DocumentQuery(
                type: "demo", visibleTo: principals, order: [.init("created", ascending: isAscending)],
                first: 1 + number % 7, last: 9)
            let found = try await store.query(query).documents.map(\.id.description)
            let all = inOrderOfMaking(visible(bodies, to: principals))
            let expected = (isAscending ? all : all.reversed()).dropFirst(number % 7).prefix(9 - number % 7)
            #expect(found == Array(expected), seedNote)
        }
    }

    @Test("on pages ordered by whatever attributes")
    func attributeOrders() async throws {
        var random = SeededRandom(seed: Self.seed + 4)
        let (store, bodies) = try await stored(60, using: &random)
        for number in 0..<80 {
            var query = DocumentQuery(type: "demo", visibleTo: principals(number), first: 1 + number % 5, last: 30)
            query.order = (0...number % 3).map { _ in
                .init(RandomDocuments.path(using: &random), ascending: .random(using: &random))
            }
            let times: Set<FilterPath> = ["created", "updated"]
            guard times.isDisjoint(with: query.order.map(\.path)) else { continue }
            let found = try await store.query(query).documents.map(\.id.description)
            let expected = try query.page(of: visible(bodies, to: query.visibleTo)).documents
            #expect(
                found == expected.compactMap { $0["id"]?.stringValue }, "\(query.order) \(seedNote)")
        }
    }

    /// Sums in another order differ in their last bits.
    private static func rounded(_ value: JSONValue) -> JSONValue {
        switch value {
        case .number(let number):
            guard number != 0, number.isFinite else { return value }
            let unit = Double(sign: .plus, exponent: number.exponent - 20, significand: 1)
            return .number((number / unit).rounded() * unit)
        case .object(let object): return .object(JSONObject(object.map { ($0.key, rounded($0.value)) }))
        case .array(let elements): return .array(elements.map(rounded))
        default: return value
        }
    }
}
