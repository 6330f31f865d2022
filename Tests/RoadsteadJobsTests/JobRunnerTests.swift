import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

@Suite("The runner of jobs", .timeLimit(.minutes(1)))
struct JobRunnerTests {
    @Test("A job runs through its steps to success, and its document tells so")
    func success() async throws {
        let fixture = try await RunnerFixture()
        let handler = ScriptedHandler { context in
            let network = try await context.recordedStep("network") { ["id": "net1"] }
            try await context.progress(50, "network made")
            try await context.step("service") {}
            let seen = try await context.observe("watch") { network["id"]?.stringValue ?? "" }
            return .succeeded(message: "done with \(seen)", verdict: ["outcome": "succeeded"])
        }
        let id = try await fixture.enqueue()
        let job = try await fixture.run(fixture.runner([handler])) { try await fixture.job(id, in: .success) }
        #expect(job["status-message"] == "done with net1")
        #expect(job["progress"] == 100)
        #expect(job["return-code"] == 0)
        #expect(job["verdict"]?["outcome"] == "succeeded")
        #expect(job["steps"]?.arrayValue?.map { $0["name"] } == ["network", "service", "watch"])
        #expect(job["steps"]?.arrayValue?.allSatisfy { $0["state"] == "SUCCESS" } == true)
        #expect(handler.ends.map(\.state) == [.success])
        #expect(try await !fixture.isQueued(id))
    }

    @Test("A failure found by the handler, an error that cannot pass, and a defect end the job as FAILED at once")
    func failure() async throws {
        struct Defect: Error {}
        let fixture = try await RunnerFixture()
        let handlers: [ScriptedHandler] = [
            ScriptedHandler("a") { _ in .failed(message: "crash loop", verdict: ["outcome": "failed"], returnCode: 3) },
            ScriptedHandler("b") { context in
                try await context.step("look") { throw RoadsteadError(.notFound, "module/1 not found") }
                return .succeeded(message: "never")
            },
            ScriptedHandler("c") { _ in throw Defect() },
        ]
        let ids = [
            try await fixture.enqueue("i/1", action: "a"), try await fixture.enqueue("i/2", action: "b"),
            try await fixture.enqueue("i/3", action: "c"), try await fixture.enqueue("i/4", action: "unknown"),
        ]
        let jobs = try await fixture.run(fixture.runner(handlers)) {
            var jobs: [StoredDocument] = []
            for id in ids { jobs.append(try await fixture.job(id, in: .failed)) }
            return jobs
        }
        #expect(jobs.map { $0["return-code"] } == [3, 1, 1, 1])
        #expect(jobs[0]["verdict"]?["outcome"] == "failed")
        #expect(jobs[1]["status-message"] == "module/1 not found")
        #expect(jobs[1]["steps"]?.arrayValue?.first?["message"] == "module/1 not found")
        #expect(jobs[2]["status-message"]?.stringValue?.contains("Defect") == true)
        #expect(jobs[3]["status-message"]?.stringValue?.contains("'unknown'") == true)
        #expect(handlers.map(\.ends.count) == [1, 1, 1])
    }

    @Test("What may pass is tried again after a pause, without the steps that were done, and given up in the end")
    func retries() async throws {
        let fixture = try await RunnerFixture()
        let notes = Notes()
        let handler = ScriptedHandler { context in
            try await context.step("once") { notes.add("once") }
            notes.add("attempt \(context.attempt) last \(context.isLastAttempt)")
            throw RoadsteadError(.unavailable, "engine swarm-1 is unreachable")
        }
        let id = try await fixture.enqueue()
        let job = try await fixture.run(fixture.runner([handler])) {
            let first = try await fixture.job(id, in: .queued, after: "attempt 1 of 3")
            #expect(first["status-message"]?.stringValue?.contains("engine swarm-1 is unreachable") == true)
            try await fixture.advance(by: .seconds(130))
            _ = try await fixture.job(id, in: .queued, after: "attempt 2 of 3")
            try await fixture.advance(by: .seconds(130))
            return try await fixture.job(id, in: .failed)
        }
        #expect(job["status-message"] == "engine swarm-1 is unreachable")
        #expect(notes.all == ["once", "attempt 1 last false", "attempt 2 last false", "attempt 3 last true"])
        #expect(handler.ends.map(\.state) == [.failed])
    }

    @Test("A job that its runner died in is resumed at once by the next one, which skips the finished steps")
    func resume() async throws {
        let fixture = try await RunnerFixture()
        let id = try await fixture.enqueue()
        // What a server leaves behind that was killed in the second step.
        try await fixture.store.write { transaction in
            _ = try transaction.leaseJobs(owner: "dead", until: transaction.now + .seconds(30), limit: 1)
            _ = try transaction.modify(id) { $0["state"] = "RUNNING" }
            try transaction.journal("net1", step: "network", of: id)
        }
        let notes = Notes()
        let handler = ScriptedHandler { context in
            let value = try await context.recordedStep("network") {
                notes.add("network")
                return "net2"
            }
            try await context.step("service") { notes.add("service on \(value.stringValue ?? "")") }
            return .succeeded(message: "resumed \(context.isResumed) attempt \(context.attempt)")
        }
        let job = try await fixture.run(fixture.runner([handler])) { try await fixture.job(id, in: .success) }
        #expect(notes.all == ["service on net1"])
        #expect(job["status-message"] == "resumed true attempt 1")
    }

    @Test("Beside other runners a job is taken over only when its lease has run out")
    func takeOver() async throws {
        let fixture = try await RunnerFixture()
        let id = try await fixture.enqueue()
        _ = try await fixture.store.write { transaction in
            try transaction.leaseJobs(owner: "other", until: transaction.now + .seconds(30), limit: 1)
        }
        let other = try await fixture.enqueue("item/2")
        let handler = ScriptedHandler { _ in .succeeded(message: "") }
        try await fixture.run(fixture.runner([handler]) { $0.isAlone = false }) {
            _ = try await fixture.job(other, in: .success)
            #expect(try await fixture.store.get(id)["state"] == "QUEUED")
            try await fixture.advance(by: .seconds(30))
            _ = try await fixture.job(id, in: .success)
        }
    }

    @Test("A job that keeps killing its server is given up")
    func poison() async throws {
        let fixture = try await RunnerFixture()
        let id = try await fixture.enqueue()
        for _ in 0..<3 {
            try await fixture.store.write { transaction in
                _ = try transaction.leaseJobs(owner: "dead", until: transaction.now, limit: 1)
            }
        }
        let handler = ScriptedHandler { _ in .succeeded(message: "") }
        let job = try await fixture.run(fixture.runner([handler]) { $0.maximumLeases = 3 }) {
            try await fixture.job(id, in: .failed)
        }
        #expect(job["status-message"]?.stringValue?.contains("interrupted 3 times") == true)
        #expect(handler.ends.map(\.state) == [.failed])
    }

    @Test("Of jobs on one target only one runs at a time, and no more than allowed in all")
    func limits() async throws {
        let fixture = try await RunnerFixture()
        let gauge = Gauge()
        let body: ScriptedHandler.Body = { context in
            gauge.enter(context.target.description)
            for _ in 0..<20 { await Task.yield() }
            gauge.leave(context.target.description)
            return .succeeded(message: "")
        }
        let handlers = ["a", "b", "c"].map { ScriptedHandler($0, body) }
        var ids: [ResourceID] = []
        for target in 0..<6 {
            for action in ["a", "b", "c"] { ids.append(try await fixture.enqueue("i/\(target)", action: action)) }
        }
        let all = ids
        try await fixture.run(fixture.runner(handlers) { $0.concurrency = 4 }) {
            for id in all { _ = try await fixture.job(id, in: .success) }
        }
        #expect(gauge.mostOnOneTarget == 1)
        #expect(gauge.most <= 4)
        #expect(gauge.most > 1)
    }

    @Test("Scheduled work is queued at its times, and not beside its unfinished like")
    func schedule() async throws {
        let fixture = try await RunnerFixture()
        let notes = Notes()
        let handler = ScriptedHandler("check") { _ in
            notes.add("check")
            return .succeeded(message: "")
        }
        let draft = try fixture.draft("item/1", action: "check")
        let schedule = JobSchedule(name: "checks", every: .seconds(60)) { _ in [draft, draft] }
        try await fixture.run(fixture.runner([handler], schedules: [schedule])) {
            for round in 1...3 {
                try await fixture.waitForSuccesses(round)
                try await fixture.advance(by: .seconds(59))
                #expect(notes.all.count == round)
                try await fixture.advance(by: .seconds(1))
            }
            try await fixture.waitForSuccesses(4)
        }
        #expect(notes.all.count == 4)
        #expect(try await fixture.store.query(DocumentQuery(type: "job")).count == 4)
    }
}

extension RunnerFixture {
    func waitForSuccesses(_ count: Int) async throws {
        let query = DocumentQuery(type: "job", filter: .equal("state", "SUCCESS"))
        while try await store.query(query).count < count { try await Task.sleep(for: .milliseconds(1)) }
    }

    func job(_ id: ResourceID, in state: JobState, after message: String) async throws -> StoredDocument {
        try await job(id) { document in
            document["state"]?.stringValue == state.rawValue
                && document["status-message"]?.stringValue?.hasPrefix(message) == true
        }
    }
}
