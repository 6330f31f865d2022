import Logging
import RoadsteadBasics
import RoadsteadStore
import ServiceLifecycle

/// How a `JobRunner` works.
public struct JobRunnerOptions: Sendable {
    /// Jobs at the same time.
    public var concurrency = 16
    /// How long a job is held without a sign of life.
    public var lease: Duration = .seconds(30)
    /// How often postponed and scheduled work is looked for; new work is heard of at once.
    public var poll: Duration = .seconds(1)
    /// How long jobs may go on to the end of their step when the server stops.
    public var grace: Duration = .seconds(3)
    /// The pause before another attempt.
    public var backoff = Backoff(base: .seconds(2), cap: .seconds(120))
    /// The pause after a failure that passes slowly.
    public var park: Duration = .seconds(300)
    /// A job that was taken up more often than this without an end is given up: it may be what kills the server.
    public var maximumLeases = 20
    /// No other process works on this store: jobs that somebody holds at the start are held by the dead.
    public var isAlone = true

    public init() {}
}

/// Runs the jobs of a store: takes them up by lease, keeps a journal of their steps, resumes what was interrupted, tries
/// again what may pass, and stops what is cancelled.
///
/// On graceful shutdown jobs end at the next border between steps, or are cancelled after `grace`; they stay `RUNNING` and
/// are resumed by the next runner.
public final class JobRunner: Service {
    let store: DocumentStore
    let handlers: [String: any JobHandler]
    let schedules: [JobSchedule]
    let options: JobRunnerOptions
    let clock: any WallClock
    let ids: any IDSource
    let logger: Logger
    /// Tells this runner's leases from those of its predecessors.
    let owner: String
    let gate = JobGate()
    let running = RunningJobs()

    /// Two handlers of one action are a mistake of the assembly and trap.
    public init(
        store: DocumentStore, handlers: [any JobHandler], schedules: [JobSchedule] = [],
        options: JobRunnerOptions = JobRunnerOptions(), clock: any WallClock = SystemClock(),
        ids: any IDSource = SystemIDSource(), logger: Logger = Logger(label: "roadstead.jobs")
    ) {
        self.store = store
        self.handlers = Dictionary(uniqueKeysWithValues: handlers.map { ($0.action, $0) })
        self.schedules = schedules
        self.options = options
        self.clock = clock
        self.ids = ids
        self.logger = logger
        owner = ids.makeUUID()
    }

    /// Works until graceful shutdown or cancellation. Throws only when the store cannot be used at the start.
    public func run() async throws {
        let (owner, isAlone) = (owner, options.isAlone)
        try await store.write { if isAlone { try $0.dropForeignLeases(owner: owner) } }
        let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let changes = store.changes(of: ["job"])
        wake.yield()
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { helpers in
                helpers.addTask { await self.listen(to: changes, wake: wake) }
                helpers.addTask { await self.repeatedly(every: self.options.poll) { wake.yield() } }
                helpers.addTask { await self.repeatedly(every: self.options.lease / 3) { await self.heartbeat() } }
                await self.serve(wakes, wake: wake)
                helpers.cancelAll()
            }
        } onGracefulShutdown: {
            self.gate.close()
            wake.finish()
        }
    }

    /// Takes jobs up whenever something may have become due.
    private func serve(_ wakes: AsyncStream<Void>, wake: AsyncStream<Void>.Continuation) async {
        await withDiscardingTaskGroup { jobs in
            for await _ in wakes {
                // A job whose lease ran out under our own hands (no disk, a long pause) goes on; it is not begun twice.
                for job in await takeUp() where !running.contains(job.id) {
                    let stops = running.add(job.id)
                    jobs.addTask {
                        await self.execute(job, stops: stops)
                        self.running.remove(job.id)
                        wake.yield()
                    }
                }
            }
            await drain()
        }
    }

    private func takeUp() async -> [QueuedJob] {
        let (owner, schedules, lease) = (owner, schedules, options.lease)
        let free = options.concurrency - running.count
        guard free > 0, !gate.isStopping else { return [] }
        do {
            return try await store.write { transaction in
                for schedule in schedules { try schedule.enqueueIfDue(in: transaction) }
                return try transaction.leaseJobs(owner: owner, until: transaction.now + lease, limit: free)
            }
        } catch {
            logger.warning("no jobs taken up", metadata: ["error": "\(error)"])
            return []
        }
    }

    /// Waits until all jobs have ended, at most `grace`, and stops those that are left.
    private func drain() async {
        let clock = clock
        let grace = options.grace
        await withTaskGroup { group in
            group.addTask { try? await clock.sleep(for: grace) }
            group.addTask { await self.running.waitUntilEmpty() }
            await group.next()
            group.cancelAll()
        }
        running.stopAll(.shutdown)
    }

    private func repeatedly(every interval: Duration, _ action: @Sendable () async -> Void) async {
        while !Task.isCancelled {
            do { try await clock.sleep(for: interval) } catch { return }
            await action()
        }
    }

    private func listen(to changes: AsyncStream<DocumentChange>, wake: AsyncStream<Void>.Continuation) async {
        for await change in changes {
            if running.contains(change.id) { await stopIfCancelled(change.id) } else { wake.yield() }
        }
    }

    private func stopIfCancelled(_ id: ResourceID) async {
        guard let job = try? await store.find(id) else { return }
        if JobStateMachine(body: job.body).state == .cancelled { running.stop(id, .cancelled) }
    }

    /// Shows that the jobs are alive, and stops those that were lost to another runner or cancelled unheard.
    private func heartbeat() async {
        let (owner, lease) = (owner, options.lease)
        do {
            let held = try await store.write { transaction in
                try transaction.extendLeases(owner: owner, until: transaction.now + lease)
            }
            for id in running.ids {
                if held.contains(id) { await stopIfCancelled(id) } else { running.stop(id, .leaseLost) }
            }
        } catch {
            logger.warning("leases not prolonged", metadata: ["error": "\(error)"])
        }
    }
}
