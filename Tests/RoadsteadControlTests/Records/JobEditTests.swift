import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

@Suite struct JobEditTests {
    private static let now = FixedClock().now

    private func edited(_ body: JSONObject, _ changes: JSONObject, at now: Instant = JobEditTests.now) throws
        -> JSONObject
    {
        var edit = JobEdit(body)
        try edit.apply(changes, removed: [], at: now)
        return edit.body
    }

    @Test("a job that runs has a start, one that ends a duration, full progress and a code")
    func life() throws {
        let running = try edited(["state": "QUEUED", "progress": 0, "priority": 50], ["state": "RUNNING"])
        #expect(running["started"] == .string(Self.now.description) && running["priority"] == nil)
        let message = try edited(running, ["status-message": "half"], at: Self.now + .seconds(3))
        #expect(message["time-of-status-change"] == .string((Self.now + .seconds(3)).description))
        let done = try edited(message, ["state": "SUCCESS"], at: Self.now + .seconds(9))
        #expect(done["progress"] == 100 && done["return-code"] == 0 && done["duration"] == 9)
        let failed = try edited(running, ["state": "FAILED", "return-code": 3])
        #expect(failed["return-code"] == 3)
        #expect(throws: RoadsteadError.self) { try edited(done, ["output": "late"]) }
    }

    @Test("an administrator adds a job, which is queued once, and ends it by an edit; nobody else may")
    func adding() async throws {
        let test = try await TestPlane.make()
        let body: JSONObject = ["action": "cleanup_jobs", "target-resource": ["href": "configuration/nuvla"]]
        #expect(await test.failure { _ = try await test.add("job", body) }.code == .forbidden)
        let id = try await test.add("job", body, by: .system)
        let leased = try await test.store.write { try $0.leaseJobs(owner: "t", until: $0.now + .seconds(9), limit: 5) }
        #expect(leased.map(\.id) == [id])
        _ = try await test.resources.edit(id, ["state": "SUCCESS"], in: test.scope(.system))
        #expect(try await test.store.write { try $0.holdsLease(on: id, owner: "t") } == false)
        let late = await test.failure {
            _ = try await test.resources.edit(id, ["output": "x"], in: test.scope(.system))
        }
        #expect(ErrorAnswer(late).status == 409)
        let read = try await test.resources.get(id, in: test.scope(.system))
        #expect(read["version"] == 2 && read["progress"] == 100)
        let rels = read["operations"]?.arrayValue?.compactMap { $0["rel"]?.stringValue }
        #expect(rels == ["delete"])
    }

    @Test("a job that an edge pulls is not run here")
    func pulled() async throws {
        let test = try await TestPlane.make()
        let body: JSONObject = [
            "action": "x", "target-resource": ["href": "nuvlabox/a"], "execution-mode": "pull",
        ]
        _ = try await test.add("job", body, by: .system)
        let leased = try await test.store.write { try $0.leaseJobs(owner: "t", until: $0.now + .seconds(9), limit: 5) }
        #expect(leased.isEmpty)
    }

    @Test("a running job is timed out by administrators alone; the context of a check names its service")
    func actions() async throws {
        let test = try await TestPlane.make()
        let service = try await test.addService()
        let credential = try await test.addCredential(on: service)
        let jobs = try await test.resources.query("job", in: test.scope()).resources
        let id = try #require(jobs.first?["id"]?.stringValue.flatMap { ResourceID($0) })
        let perform = { (action: String, requester: Requester) in
            try await test.resources.perform(action, on: id, in: test.scope(requester))
        }
        let early = await test.failure { _ = try await perform("timeout", .system) }
        #expect(early.code == .forbidden && early.message.contains("QUEUED"))
        guard case .value(let context) = try await perform("get-context", .system).content else {
            throw Missing("value")
        }
        #expect(context.objectValue?.keys == [credential.description, service.description])
        #expect(!context.text().contains("secret") && context[credential.description]?["key"] == nil)
        #expect(await test.failure { _ = try await perform("get-context", TestPlane.ada) }.code == .forbidden)
        _ = try await test.resources.edit(id, ["state": "RUNNING"], in: test.scope(.system))
        #expect(await test.failure { _ = try await perform("timeout", TestPlane.ada) }.code == .forbidden)
        #expect(TestPlane.document(try await perform("timeout", .system))?["state"] == "CANCELED")
    }

    @Test("jobs that ended more than seven days ago are forgotten, and no others")
    func cleaning() async throws {
        let test = try await TestPlane.make()
        let add = { (state: String) in
            let id = try await test.add(
                "job", ["action": "x", "target-resource": ["href": "user/a"]], by: .system)
            if state != "QUEUED" {
                _ = try await test.resources.edit(id, ["state": .string(state)], in: test.scope(.system))
            }
            return id
        }
        let old = [
            try await add("SUCCESS"), try await add("FAILED"), try await add("CANCELED"), try await add("QUEUED"),
        ]
        test.clock.advance(by: CleanupJobsJob.age + .seconds(1))
        let new = try await add("SUCCESS")
        let limit = test.clock.now - CleanupJobsJob.age
        let count = try await test.store.write { try CleanupJobsJob.removeBatch(endedBefore: limit, in: $0) }
        #expect(count == 3)
        let left = Set(try await test.store.query(DocumentQuery(type: "job")).documents.map(\.id))
        #expect(left == [old[3], new])
    }

    @Test("an event is about a resource or about nothing; users' events are of category user")
    func events() async throws {
        let test = try await TestPlane.make()
        let event = { (href: JSONValue) -> JSONObject in
            ["category": "alarm", "severity": "low", "content": ["resource": ["href": href]]]
        }
        let id = try await test.add("event", event("deployment/x"))
        #expect(try await test.store.get(id)["category"] == "user")
        let admins = try await test.add("event", event(.null), by: .system)
        #expect(try await test.store.get(admins)["category"] == "alarm")
        #expect(await test.failure { _ = try await test.add("event", event(7)) }.code == .invalidInput)
        let bare = await test.failure {
            _ = try await test.add("event", ["category": "user", "severity": "low", "content": [:]])
        }
        #expect(bare.message.contains("content.resource is missing"))
    }
}
