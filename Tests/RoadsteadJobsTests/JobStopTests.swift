import Logging
import RoadsteadBasics
import RoadsteadJobs
import RoadsteadStore
import RoadsteadTestKit
import ServiceLifecycle
import Testing

@Suite("Stopping jobs", .timeLimit(.minutes(1)))
struct JobStopTests {
    @Test("A running job that is cancelled is CANCELED at once, its work is stopped, and it is settled once")
    func cancelRunning() async throws {
        let fixture = try await RunnerFixture()
        let (meeting, notes) = (Meeting(), Notes())
        let handler = ScriptedHandler { context in
            do {
                try await meeting.pause()
            } catch {
                notes.add("stopped: \(error is CancellationError)")
                do { try await context.progress(90, "too late") } catch {
                    notes.add("refused: \(error is CancellationError)")
                }
                throw error
            }
            return .succeeded(message: "not stopped")
        }
        let id = try await fixture.enqueue()
        try await fixture.run(fixture.runner([handler])) {
            await meeting.arrived()
            let job = try await fixture.store.write { try $0.cancelJob(id) }
            #expect(job["state"] == "CANCELED")
            #expect(job["progress"] == 100)
            try await fixture.wait { !handler.ends.isEmpty }
            let again = await #expect(throws: RoadsteadError.self) {
                try await fixture.store.write { _ = try $0.cancelJob(id) }
            }
            #expect(again?.code == .conflict)
        }
        #expect(notes.all == ["stopped: true", "refused: true"])
        #expect(handler.ends.map(\.state) == [.cancelled])
        #expect(try await fixture.store.get(id)["state"] == "CANCELED")
        #expect(try await !fixture.isQueued(id))
    }

    @Test("A queued job that is cancelled never runs, and is settled")
    func cancelQueued() async throws {
        let fixture = try await RunnerFixture()
        let notes = Notes()
        let handler = ScriptedHandler { _ in
            notes.add("ran")
            return .succeeded(message: "")
        }
        let id = try await fixture.enqueue()
        try await fixture.store.write { _ = try $0.cancelJob(id, message: "stopped by ada") }
        try await fixture.run(fixture.runner([handler])) {
            try await fixture.wait { !handler.ends.isEmpty }
        }
        #expect(notes.all.isEmpty)
        #expect(try await fixture.store.get(id)["status-message"] == "stopped by ada")
        #expect(try await fixture.store.get(id)["started"] == nil)
    }

    @Test("A job that succeeds in the moment of its cancellation stays CANCELED")
    func cancelLate() async throws {
        let fixture = try await RunnerFixture()
        let handler = ScriptedHandler { context in
            let id = context.id
            _ = try await context.documents.write { try $0.cancelJob(id) }
            return .succeeded(message: "done anyway")
        }
        let id = try await fixture.enqueue()
        try await fixture.run(fixture.runner([handler])) { try await fixture.wait { !handler.ends.isEmpty } }
        #expect(handler.ends.map(\.state) == [.cancelled])
        #expect(try await fixture.store.get(id)["status-message"] == "cancelled")
    }

    @Test("On graceful shutdown a job ends at the next step; the next runner goes on from there")
    func shutdownBetweenSteps() async throws {
        let fixture = try await RunnerFixture()
        let (meeting, notes) = (Meeting(), Notes())
        let handler = ScriptedHandler { context in
            try await context.step("first") {
                notes.add("first")
                try await meeting.pause()
            }
            try await context.step("second") { notes.add("second") }
            return .succeeded(message: "resumed \(context.isResumed)")
        }
        let id = try await fixture.enqueue()
        try await fixture.runGroup(fixture.runner([handler])) { group in
            await meeting.arrived()
            await group.triggerGracefulShutdown()
            // The step that runs may end.
            try await fixture.wait { fixture.clock.sleeperCount > 0 }
            meeting.goOn()
        }
        #expect(notes.all == ["first"])
        #expect(try await fixture.store.get(id)["state"] == "RUNNING")
        #expect(handler.ends.isEmpty)
        let job = try await fixture.run(fixture.runner([handler])) { try await fixture.job(id, in: .success) }
        #expect(notes.all == ["first", "second"])
        #expect(job["status-message"] == "resumed true")
    }

    @Test("A step that does not end within the grace is cancelled; the job stays resumable")
    func shutdownWithinStep() async throws {
        let fixture = try await RunnerFixture()
        let (meeting, notes) = (Meeting(), Notes())
        let handler = ScriptedHandler { context in
            try await context.observe("watch") {
                notes.add("watch")
                if !context.isResumed { try await meeting.pause() }
            }
            return .succeeded(message: "")
        }
        let id = try await fixture.enqueue()
        try await fixture.runGroup(fixture.runner([handler])) { group in
            await meeting.arrived()
            await group.triggerGracefulShutdown()
            while try await fixture.store.get(id)["state"] == "RUNNING", !(try await fixture.isFree(id)) {
                fixture.clock.advance(by: .seconds(1))
                try await Task.sleep(for: .milliseconds(1))
            }
        }
        #expect(try await fixture.store.get(id)["state"] == "RUNNING")
        _ = try await fixture.run(fixture.runner([handler])) { try await fixture.job(id, in: .success) }
        #expect(notes.all == ["watch", "watch"])
    }

    @Test("A runner whose lease was taken over stops the job and writes nothing more about it")
    func leaseLost() async throws {
        let fixture = try await RunnerFixture()
        let (meeting, notes) = (Meeting(), Notes())
        let handler = ScriptedHandler { context in
            do { try await meeting.pause() } catch { notes.add("stopped") }
            do { try await context.progress(80, "still here") } catch { notes.add("refused") }
            return .succeeded(message: "finished by the loser")
        }
        let id = try await fixture.enqueue()
        try await fixture.run(fixture.runner([handler]) { $0.isAlone = false }) {
            await meeting.arrived()
            try await fixture.store.write { transaction in
                try transaction.releaseJob(id, notBefore: transaction.now, countsAsFailure: false)
                _ = try transaction.leaseJobs(owner: "winner", until: transaction.now + .seconds(600), limit: 1)
            }
            try await fixture.advance(by: .seconds(10))
            try await fixture.wait { notes.all.count == 2 }
        }
        #expect(notes.all == ["stopped", "refused"])
        #expect(handler.ends.isEmpty)
        #expect(try await fixture.store.get(id)["state"] == "RUNNING")
    }
}

extension RunnerFixture {
    /// Waits for a condition that tells nobody when it becomes true.
    func wait(until isTrue: () -> Bool) async throws {
        while !isTrue() { try await Task.sleep(for: .milliseconds(1)) }
    }

    func runGroup(_ runner: JobRunner, _ body: @Sendable (ServiceGroup) async throws -> Void) async throws {
        let group = ServiceGroup(services: [runner], logger: Logger(label: "test"))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await body(group)
            try await tasks.waitForAll()
        }
    }

    /// Whether nobody holds the job.
    func isFree(_ id: ResourceID) async throws -> Bool {
        struct Probe: Error {}
        do {
            try await store.write { transaction in
                let leased = try transaction.leaseJobs(owner: "probe", until: transaction.now, limit: 100)
                // Rolled back: it only looks.
                if leased.contains(where: { $0.id == id }) { throw Probe() }
            }
            return false
        } catch is Probe { return true }
    }
}
