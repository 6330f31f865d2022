import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

@Suite("Documents")
struct DocumentStoreTests {
    let clock = FixedClock()

    private func store() async throws -> DocumentStore { try await .forTests(clock: clock) }

    private func id(_ text: String) throws -> ResourceID { try #require(ResourceID(text)) }

    @Test("A new document is completed with id, type and times, and read back equal")
    func insert() async throws {
        let store = try await store()
        let made = try await store.write { try $0.insert(["resource-type": "module", "name": "hello", "n": 1.5]) }
        #expect(made.id.description == "module/00000000-0000-4000-8000-000000000001")
        #expect(made.revision == 1)
        #expect(made["created"]?.stringValue == "2026-11-22T12:00:00.000Z")
        #expect(made["updated"] == made["created"])
        #expect(try await store.get(made.id) == made)
        #expect(made.body.keys.prefix(2) == ["id", "resource-type"])
    }

    @Test("A new document bears the moment of its write, whatever moment its maker read before")
    func stamp() async throws {
        let store = try await store()
        let start = clock.now
        let earlier = start.description
        clock.advance(by: .seconds(5))
        let made = try await store.write {
            try $0.insert(["resource-type": "event", "created": .string(earlier), "updated": .string(earlier)])
        }
        #expect(made["created"]?.stringValue == earlier)
        #expect(made["updated"]?.stringValue == clock.now.description)
        let newer = DocumentQuery(
            type: "event", filter: .compare("updated", .greater, .period(DatePeriod(start), text: earlier)))
        #expect(try await store.query(newer).count == 1)
    }

    @Test("An id that is taken is refused as a conflict, and nothing changes")
    func duplicate() async throws {
        let store = try await store()
        try await store.write { _ = try $0.insert(["id": "group/ops", "name": "first"]) }
        let error = await #expect(throws: RoadsteadError.self) {
            try await store.write { _ = try $0.insert(["id": "group/ops", "name": "second"]) }
        }
        #expect(error?.code == .conflict)
        #expect(try await store.get(id("group/ops"))["name"] == "first")
    }

    @Test("A document without id and type, or with a malformed id, is refused", arguments: [[:], ["id": "no-slash"]])
    func malformed(_ body: JSONObject) async throws {
        let store = try await store()
        let error = await #expect(throws: RoadsteadError.self) { try await store.write { _ = try $0.insert(body) } }
        #expect(error?.code == .invalidInput)
    }

    @Test("An update raises the revision, sets updated, keeps created and never stores operations")
    func update() async throws {
        let store = try await store()
        var document = try await store.write { try $0.insert(["resource-type": "module", "name": "a"]) }
        clock.advance(by: .seconds(5))
        document["name"] = "b"
        document["operations"] = []
        document["id"] = "module/forged"
        let changed = document
        let updated = try await store.write { try $0.update(changed) }
        #expect(updated.revision == 2)
        #expect(updated["created"]?.stringValue == "2026-11-22T12:00:00.000Z")
        #expect(updated["updated"]?.stringValue == "2026-11-22T12:00:05.000Z")
        #expect(updated["operations"] == nil)
        #expect(updated["id"]?.stringValue == document.id.description)
        #expect(try await store.get(document.id) == updated)
    }

    @Test("An update on a stale revision is a conflict; on a deleted document it is not found")
    func staleUpdate() async throws {
        let store = try await store()
        let first = try await store.write { try $0.insert(["resource-type": "module"]) }
        try await store.write { _ = try $0.update(first) }
        let stale = await #expect(throws: RoadsteadError.self) { try await store.write { _ = try $0.update(first) } }
        #expect(stale?.code == .conflict)
        let old = await #expect(throws: RoadsteadError.self) {
            try await store.write { try $0.delete(first.id, revision: 1) }
        }
        #expect(old?.code == .conflict)
        try await store.write { try $0.delete(first.id, revision: 2) }
        let gone = await #expect(throws: RoadsteadError.self) { try await store.write { _ = try $0.update(first) } }
        #expect(gone?.code == .notFound)
        #expect(try await store.find(first.id) == nil)
    }

    @Test("Of many writers that read the same revision exactly one wins each round, and no count is lost")
    func concurrentWriters() async throws {
        let store = try await store()
        let start = try await store.write { try $0.insert(["resource-type": "counter", "n": 0]) }
        let wins = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var wins = 0
                    for _ in 0..<40 {
                        var document = try await store.get(start.id)
                        document["n"] = .integer((document["n"]?.integerValue ?? 0) + 1)
                        let changed = document
                        do {
                            try await store.write { _ = try $0.update(changed) }
                            wins += 1
                        } catch let error as RoadsteadError where error.code == .conflict {}
                    }
                    return wins
                }
            }
            return try await group.reduce(0, +)
        }
        let end = try await store.get(start.id)
        #expect(wins > 0)
        #expect(end["n"] == JSONValue(wins))
        #expect(end.revision == Int64(wins) + 1)
    }

    @Test("A transaction that throws leaves nothing behind, whatever is written beside it")
    func atomicity() async throws {
        struct Refusal: Error {}
        let store = try await store()
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<100 {
                group.addTask {
                    do {
                        try await store.write { transaction in
                            _ = try transaction.insert(["id": .string("item/a\(number)")])
                            _ = try transaction.insert(["id": .string("item/b\(number)")])
                            if number.isMultiple(of: 3) { throw Refusal() }
                        }
                        return true
                    } catch { return !(error is Refusal) }
                }
            }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(outcomes.count { $0 } == 66)
        let page = try await store.query(DocumentQuery(type: "item"))
        #expect(page.count == 132)
        for document in page.documents {
            #expect(Int(document.id.identifier.dropFirst()).map { $0.isMultiple(of: 3) } == false)
        }
    }

    @Test("A write whose task is cancelled is carried out: bookkeeping survives a cancellation")
    func cancelledWriter() async throws {
        let store = try await store()
        let task = Task {
            while !Task.isCancelled { try? await Task.sleep(for: .milliseconds(1)) }
            _ = try await store.write { try $0.insert(["id": "item/late"]) }
        }
        task.cancel()
        try await task.value
        #expect(try await store.find(id("item/late")) != nil)
    }

    @Test("A unique key belongs to one document until it is released or deleted")
    func uniqueKeys() async throws {
        let store = try await store()
        let key = UniqueKey(type: "user/login", key: "ada")
        let (first, second) = try await store.write { transaction in
            let first = try transaction.insert(["resource-type": "user"]).id
            try transaction.reserve(key, for: first)
            try transaction.reserve(key, for: first)
            return (first, try transaction.insert(["resource-type": "user"]).id)
        }
        let taken = await #expect(throws: RoadsteadError.self) {
            try await store.write { try $0.reserve(key, for: second) }
        }
        #expect(taken?.code == .conflict)
        #expect(taken?.message.contains("'ada'") == true)
        #expect(try await store.find(key)?.id == first)
        try await store.write { try $0.delete(first) }
        #expect(try await store.find(key) == nil)
        try await store.write { try $0.reserve(key, for: second) }
        try await store.write { try $0.release(key) }
        #expect(try await store.write { try $0.find(key) } == nil)
    }

    @Test("Committed changes are told in order, refused ones never")
    func changes() async throws {
        struct Refusal: Error {}
        let store = try await store()
        var all = store.changes(of: ["item"]).makeAsyncIterator()
        let first = try await store.write { try $0.insert(["id": "item/a"]) }
        var one = store.changes(of: first.id).makeAsyncIterator()
        _ = try? await store.write { transaction in
            _ = try transaction.insert(["id": "item/b"])
            throw Refusal()
        }
        _ = try await store.write { transaction in
            _ = try transaction.insert(["id": "other/c"])
            _ = try transaction.update(first)
            try transaction.delete(first.id)
        }
        let kinds = [await all.next(), await all.next(), await all.next()].map { $0?.kind }
        #expect(kinds == [.inserted, .updated, .deleted])
        #expect(await one.next()?.kind == .deleted)
        await store.close()
        #expect(await all.next() == nil)
        #expect(await one.next() == nil)
    }

    @Test("A slow listener keeps the newest changes and never holds the writer up")
    func slowListener() async throws {
        let store = try await store()
        let stream = store.changes(of: ["item"], buffer: 4)
        for number in 0..<50 {
            try await store.write { _ = try $0.insert(["id": .string("item/\(number)")]) }
        }
        await store.close()
        var seen: [String] = []
        for await change in stream { seen.append(change.id.identifier) }
        #expect(seen == ["46", "47", "48", "49"])
    }

    @Test("An event is written with its change, in the shape that Nuvla's clients read")
    func events() async throws {
        let store = try await store()
        let event = try await store.write { transaction in
            let module = try transaction.insert(["resource-type": "module"])
            var draft = EventDraft(
                name: "module.add", category: .add, resource: module.id, text: "ada added module hello",
                by: .init(userID: "user/ada", activeClaim: "user/ada", claims: ["group/nuvla-user", "user/ada"]),
                visibleTo: ["user/ada"])
            draft.linked = [module.id]
            draft.state = "NEW"
            return try transaction.record(draft)
        }
        let expected: JSONObject = [
            "name": "module.add", "category": "add", "severity": "medium", "success": true,
            "timestamp": "2026-11-22T12:00:00.000Z", "description": "ada added module hello",
            "content": [
                "resource": ["href": "module/00000000-0000-4000-8000-000000000001"],
                "linked-identifiers": ["module/00000000-0000-4000-8000-000000000001"], "state": "NEW",
            ],
            "authn-info": [
                "user-id": "user/ada", "active-claim": "user/ada", "claims": ["group/nuvla-user", "user/ada"],
            ],
            // Seen by whom it concerns, and not theirs to remove.
            "acl": [
                "owners": ["group/nuvla-admin"], "view-acl": ["user/ada"], "view-data": ["user/ada"],
                "view-meta": ["user/ada"],
            ],
        ]
        for (name, value) in expected { #expect(event[name] == value) }
        #expect(event["resource-type"] == "event")
    }
}
