import Logging
import RoadsteadBasics
import RoadsteadClouds
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

/// A store and an outside world in memory that outlive the processes of a server on them: each process has a control plane and
/// a job runner of its own, and can be killed at any moment.
struct ClusterTrial: Sendable {
    let store: DocumentStore
    let cloud: SimulatedCloud
    let world = Shared(SimulatedWorld())
    let clock: any WallClock
    /// The one that requests go to.
    var poll = Duration.seconds(3)
    private let front: Shared<ControlPlane?> = Shared(nil)

    /// Waits for the cloud are over at once, unless the clock is another one.
    static func make(
        _ settings: SimulatedSettings = SimulatedSettings(), clock: any WallClock = JumpingClock()
    ) async throws -> ClusterTrial {
        ClusterTrial(
            store: try await DocumentStore.forTests(clock: SystemClock(), ids: SystemIDSource()),
            cloud: SimulatedCloud(settings, clock: clock), clock: clock)
    }

    private init(store: DocumentStore, cloud: SimulatedCloud, clock: any WallClock) {
        (self.store, self.cloud, self.clock) = (store, cloud, clock)
    }

    func tools(_ life: Lifeline = Lifeline()) -> ClusterTools {
        let cloud = cloud
        var steps = ClusterTools.usualSteps
        steps.backoff = Backoff(base: .milliseconds(1), cap: .milliseconds(2))
        return ClusterTools(
            drivers: ClusterDrivers(others: [
                "simulated": { _ in MortalDriver(driver: SimulatedDriver(cloud), life: life) }
            ]),
            outside: SimulatedOutside(world: world, life: life), patience: CloudPatience(poll: poll, clock: clock),
            steps: steps)
    }

    /// What requests are made to; made once, as it is no small thing.
    func plane() -> ControlPlane {
        if let plane = front.value { return plane }
        let plane = plane(tools())
        front.change { $0 = plane }
        return plane
    }

    private func plane(_ tools: ClusterTools) -> ControlPlane {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let context = ControlContext(
            store: store, clock: SystemClock(), ids: SystemIDSource(),
            hasher: PasswordHasher(cost: .cheapForTests), logger: logger)
        return ControlPlane(context: context, planner: EchoPlanner(), clusters: tools)
    }

    // MARK: - Requests

    func scope(_ requester: Requester = TestPlane.ada) -> RequestScope {
        RequestScope(context: plane().context, by: requester)
    }

    func add(_ specification: JSONObject, by requester: Requester = TestPlane.ada) async throws -> ResourceID {
        let base: JSONObject = ["name": "prod", "driver": "simulated"]
        let answer = try await plane().resources.add(
            "cluster", ["specification": .object(base.merging(specification))], in: scope(requester))
        return try #require(TestPlane.operation(answer)?.resourceID.flatMap { ResourceID($0) })
    }

    func edit(_ id: ResourceID, _ changes: JSONObject) async throws {
        let current = try await store.get(id)["specification"]?.objectValue ?? [:]
        let body: JSONObject = ["specification": .object(current.merging(changes))]
        _ = try await plane().resources.edit(id, body, in: scope())
    }

    /// Asks for an operation; returns its job.
    func ask(_ action: String, _ id: ResourceID, _ body: JSONObject = [:]) async throws -> ResourceID {
        let answer = try await plane().resources.perform(action, on: id, body, in: scope())
        return try #require(TestPlane.operation(answer)?.location.flatMap { ResourceID($0) })
    }

    func value(_ action: String, _ id: ResourceID, _ body: JSONObject = [:]) async throws -> JSONValue {
        let answer = try await plane().resources.perform(action, on: id, body, in: scope())
        guard case .value(let value) = answer.content else { throw Missing("\(action) answers no value") }
        return value
    }

    /// Asks for an operation and has it done; returns the job's document.
    @discardableResult
    func perform(_ action: String, _ id: ResourceID, _ body: JSONObject = [:]) async throws -> StoredDocument {
        let job = try await ask(action, id, body)
        return try await finish(job)
    }

    /// Runs a server until the job has ended.
    @discardableResult
    func finish(_ job: ResourceID) async throws -> StoredDocument {
        try await serving { try await ended(job) }
    }

    /// Runs a server beside `body`, and ends it with that.
    func serving<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        let tools = tools()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await runner(tools).run() }
            let value = try await body()
            group.cancelAll()
            try await group.waitForAll()
            return value
        }
    }

    private func ended(_ job: ResourceID) async throws -> StoredDocument {
        var changes = store.changes(of: job).makeAsyncIterator()
        while true {
            let document = try await store.get(job)
            if JobRules.state(of: document.body)?.isFinal ?? true { return document }
            _ = await changes.next()
            try Task.checkCancellation()
        }
    }

    func runner(_ tools: ClusterTools) -> JobRunner {
        JobRunner(store: store, handlers: ClusterJobs.all(tools), logger: plane().context.logger)
    }

    // MARK: - What there is

    func cluster(_ id: ResourceID) async throws -> ClusterDocument { ClusterDocument(try await store.get(id)) }

    func machines(_ id: ResourceID) async throws -> [MachineDocument] {
        try await store.machines(of: id).sorted { $0.name < $1.name }
    }

    /// Names with their roles, of the machines that run.
    func nodes(_ id: ResourceID) async throws -> [String: MachineRole] {
        let running = try await machines(id).filter { $0.state == .running }
        return Dictionary(uniqueKeysWithValues: running.map { ($0.name, $0.role) })
    }

    func count(of type: String) async throws -> Int {
        try await store.query(DocumentQuery(type: type, last: 0)).count
    }

    func journal(_ id: ResourceID) async throws -> [String] {
        try await store.write { try $0.journal(of: id, prefix: "graph/").keys.sorted() }
    }
}

/// A server that is killed at the `count`th time that its job is written to.
struct KilledServer {
    let trial: ClusterTrial
    let job: ResourceID
    let count: Int
    let finishesDeeds: Bool

    /// Returns whether it was killed; otherwise the job ended first.
    func run() async throws -> Bool {
        let life = Lifeline()
        let tools = trial.tools(life)
        let (job, count, finishesDeeds) = (job, count, finishesDeeds)
        let (trial, writes) = (trial, Shared(0))
        // Its own task: what is killed is the whole process.
        let process = Task { try await trial.runner(tools).run() }
        let isKilled = Shared(false)
        trial.store.observe { changes in
            guard changes.contains(where: { $0.id == job && $0.kind == .updated }) else { return }
            let now = writes.change { writes -> Int in
                writes += 1
                return writes
            }
            guard now == count else { return }
            isKilled.change { $0 = true }
            process.cancel()
            life.kill(finishingDeeds: finishesDeeds)
        }
        try await until("the job ends or its server is killed") {
            if isKilled.value { return true }
            return JobRules.state(of: try await trial.store.get(job).body)?.isFinal ?? true
        }
        process.cancel()
        _ = try? await process.value
        let isEnded = JobRules.state(of: try await trial.store.get(job).body)?.isFinal ?? true
        return isKilled.value && !isEnded
    }
}
