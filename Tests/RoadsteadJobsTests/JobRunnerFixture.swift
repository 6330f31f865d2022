import Logging
import RoadsteadBasics
import RoadsteadJobs
import RoadsteadStore
import RoadsteadTestKit
import Synchronization
import Testing

/// A handler made of closures, which remembers what it did.
final class ScriptedHandler: JobHandler {
    typealias Body = @Sendable (JobContext) async throws -> JobOutcome

    let action: String
    let maximumAttempts: Int
    private let body: Body
    private let entries = Mutex<[String]>([])
    private let endings = Mutex<[JobEnd]>([])

    init(_ action: String = "work", attempts: Int = 3, _ body: @escaping Body) {
        self.action = action
        maximumAttempts = attempts
        self.body = body
    }

    var log: [String] { entries.withLock { $0 } }
    var ends: [JobEnd] { endings.withLock { $0 } }

    func run(_ context: JobContext) async throws -> JobOutcome { try await body(context) }

    func settle(_ job: StoredDocument, _ end: JobEnd, in transaction: StoreTransaction) throws {
        endings.withLock { $0.append(end) }
    }
}

/// Lines that handlers leave for the test.
final class Notes: Sendable {
    private let lines = Mutex<[String]>([])

    func add(_ line: String) { lines.withLock { $0.append(line) } }

    var all: [String] { lines.withLock { $0 } }
}

/// One store, its clock, and runners on it.
struct RunnerFixture {
    let clock = FixedClock()
    let store: DocumentStore

    init() async throws { store = try await .forTests(clock: clock) }

    func runner(
        _ handlers: [any JobHandler], schedules: [JobSchedule] = [], ids: any IDSource = SystemIDSource(),
        _ configure: (inout JobRunnerOptions) -> Void = { _ in }
    ) -> JobRunner {
        var options = JobRunnerOptions()
        configure(&options)
        return JobRunner(
            store: store, handlers: handlers, schedules: schedules, options: options, clock: clock, ids: ids,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Moves the time when the runner's poll and heartbeat both wait for it: none of them can miss the moment.
    func advance(by duration: Duration) async throws {
        try await until("the runner sleeps") { clock.sleeperCount >= 2 }
        clock.advance(by: duration)
    }

    /// Runs `body` beside the runner, and ends the runner with it.
    func run<Value: Sendable>(
        _ runner: JobRunner, _ body: @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await runner.run() }
            let value = try await body()
            group.cancelAll()
            try await group.waitForAll()
            return value
        }
    }

    func draft(_ target: String = "item/1", action: String = "work") throws -> JobDraft {
        JobDraft(action: action, target: try #require(ResourceID(target)), acl: ["owners": ["group/nuvla-admin"]])
    }

    func enqueue(_ target: String = "item/1", action: String = "work") async throws -> ResourceID {
        let draft = try draft(target, action: action)
        return try await store.write { try $0.enqueue(draft).id }
    }

    /// The job's document once `isReached` says so. Follows the changes, so it waits for no time to pass.
    func job(_ id: ResourceID, where isReached: (StoredDocument) -> Bool) async throws -> StoredDocument {
        var changes = store.changes(of: id).makeAsyncIterator()
        while true {
            let document = try await store.get(id)
            if isReached(document) { return document }
            _ = await changes.next()
            try Task.checkCancellation()
        }
    }

    func job(_ id: ResourceID, in state: JobState) async throws -> StoredDocument {
        try await job(id) { $0["state"]?.stringValue == state.rawValue }
    }

    /// Whether the queue still knows the job.
    func isQueued(_ id: ResourceID) async throws -> Bool {
        let target = try await store.get(id)["target-resource"]?["href"]?.stringValue
        let resource = try #require(target.flatMap { ResourceID($0) })
        return try await store.write { try $0.unfinishedJobs(target: resource).contains { $0.id == id } }
    }
}

/// Lets a handler and its test meet.
final class Meeting: Sendable {
    private let arrivals = AsyncStream.makeStream(of: Void.self)
    private let permissions = AsyncStream.makeStream(of: Void.self)

    /// The handler says that it is there, and waits until it may go on or is cancelled.
    func pause() async throws {
        arrivals.continuation.yield()
        for await _ in permissions.stream { return }
        try Task.checkCancellation()
    }

    func arrived() async { for await _ in arrivals.stream { return } }

    func goOn() { permissions.continuation.yield() }
}
