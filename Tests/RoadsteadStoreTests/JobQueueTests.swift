import RoadsteadBasics
import RoadsteadStore
import RoadsteadTestKit
import Testing

@Suite("The queue of jobs")
struct JobQueueTests {
    let clock = FixedClock()

    private func draft(_ action: String, _ target: String, priority: Int = 50) throws -> JobDraft {
        var draft = JobDraft(
            action: action, target: try #require(ResourceID(target)), acl: ["owners": ["group/nuvla-admin"]],
            createdBy: "user/ada")
        draft.priority = priority
        return draft
    }

    private func lease(_ store: DocumentStore, _ owner: String, _ limit: Int = 10) async throws -> [String] {
        try await store.write { transaction in
            try transaction.leaseJobs(owner: owner, until: transaction.now + .seconds(30), limit: limit).map(\.action)
        }
    }

    @Test("A queued job has Nuvla's attributes")
    func document() async throws {
        let store = try await DocumentStore.forTests(clock: clock)
        var draft = try draft("start_deployment", "deployment/1")
        draft.affected = [try #require(ResourceID("credential/2"))]
        draft.payload = ["force": true]
        let final = draft
        let job = try await store.write { try $0.enqueue(final) }
        let expected: JSONObject = [
            "resource-type": "job", "action": "start_deployment", "state": "QUEUED", "progress": 0, "version": 2,
            "execution-mode": "push", "target-resource": ["href": "deployment/1"], "priority": 50,
            "affected-resources": [["href": "deployment/1"], ["href": "credential/2"]], "created-by": "user/ada",
            "payload": #"{"force":true}"#, "acl": ["owners": ["group/nuvla-admin"]],
        ]
        for (name, value) in expected { #expect(job[name] == value) }
    }

    @Test("The most urgent job comes first, then the oldest; one at a time on a target; none before its time")
    func order() async throws {
        let store = try await DocumentStore.forTests(clock: clock)
        var later = try draft("later", "d/4")
        later.notBefore = clock.now + .seconds(60)
        let drafts = [
            try draft("background", "d/1", priority: 999), try draft("first", "d/2"), try draft("second", "d/3"),
            try draft("third", "d/2"), try draft("urgent", "d/5", priority: 10), later,
        ]
        try await store.write { transaction in for draft in drafts { try transaction.enqueue(draft) } }
        #expect(try await lease(store, "me", 2) == ["urgent", "first"])
        #expect(try await lease(store, "me") == ["second", "background"])
        #expect(try await lease(store, "me") == [])
        clock.advance(by: .seconds(29))
        _ = try await store.write { try $0.extendLeases(owner: "me", until: $0.now + .seconds(60)) }
        clock.advance(by: .seconds(31))
        #expect(try await lease(store, "me") == ["later"])
    }

    @Test("A lease that ran out is taken over by another owner, and the first one holds it no more")
    func takeOver() async throws {
        let store = try await DocumentStore.forTests(clock: clock)
        let draft = try draft("work", "d/1")
        let id = try await store.write { try $0.enqueue(draft).id }
        #expect(try await lease(store, "old") == ["work"])
        #expect(try await lease(store, "new") == [])
        clock.advance(by: .seconds(30))
        #expect(try await lease(store, "new") == ["work"])
        let holds = try await store.write { transaction in
            [try transaction.holdsLease(on: id, owner: "old"), try transaction.holdsLease(on: id, owner: "new")]
        }
        #expect(holds == [false, true])
        #expect(try await store.write { try $0.extendLeases(owner: "old", until: $0.now + .seconds(9)) } == [])
        try await store.write { try $0.dropForeignLeases(owner: "third") }
        #expect(try await lease(store, "third") == ["work"])
    }

    @Test("A second unfinished job of a kind on a target is refused, naming the first")
    func duplicates() async throws {
        let store = try await DocumentStore.forTests(clock: clock)
        let draft = try draft("work", "d/1")
        let id = try await store.write { try $0.enqueue(draft).id }
        let error = await #expect(throws: RoadsteadError.self) { try await store.write { _ = try $0.enqueue(draft) } }
        #expect(error?.code == .conflict)
        #expect(error?.message.contains(id.description) == true)
        var other = draft
        other.isUnique = false
        let allowed = other
        try await store.write { _ = try $0.enqueue(allowed) }
        try await store.write { try $0.dequeueJob(id) }
        #expect(try await store.write { try $0.unfinishedJobs(target: draft.target).count } == 1)
    }

    @Test("The journal keeps what steps returned until the job leaves the queue")
    func journal() async throws {
        let store = try await DocumentStore.forTests(clock: clock)
        let draft = try draft("work", "d/1")
        let id = try await store.write { try $0.enqueue(draft).id }
        try await store.write { try $0.journal(["made": "net1"], step: "network", of: id) }
        #expect(try await store.write { try $0.journaled("network", of: id) } == ["made": "net1"])
        #expect(try await store.write { try $0.journaled("other", of: id) } == nil)
        try await store.write { try $0.dequeueJob(id) }
        #expect(try await store.write { try $0.journaled("network", of: id) } == nil)
    }

    @Test("Periodic work is due at once, then every interval; missed times count once")
    func schedule() async throws {
        let store = try await DocumentStore.forTests(clock: clock)
        func isDue() async throws -> Bool {
            try await store.write { try $0.takeScheduled("check", every: .seconds(60)) }
        }
        #expect(try await isDue())
        #expect(try await !isDue())
        clock.advance(by: .seconds(60))
        #expect(try await isDue())
        clock.advance(by: .seconds(600))
        #expect(try await isDue())
        #expect(try await !isDue())
    }
}
