import DockerAPI
import RoadsteadBasics

/// Decides about one service, fed with what the engine says about it; pure.
///
/// What counts as doing what the file says:
/// - replicated and global: as many tasks of the current spec run as should, no older one is left, and each is healthy
///   (with a health check, Swarm calls a task running only then) or has stayed up for the monitor time;
/// - a task that ended with status 0 is done where the restart policy is `none` or `on-failure` (one-shot services),
///   and a failure in the making where it is `any`;
/// - jobs: as many tasks of the current iteration completed as should;
/// - replicas 0, and global services that fit no node: yes, with a note for the latter.
struct ServiceVerdict: Sendable {
    enum State: Hashable, Sendable {
        case converging
        case succeeded(note: String?)
        case failed(ServiceFailure)

        var isDecided: Bool { self != .converging }
    }

    let expectation: ServiceExpectation
    let rules: VerdictRules
    let startedAt: Instant
    private(set) var state: State = .converging
    private(set) var progress: ServiceProgress
    /// Since when everything runs or has ended as it should, without regard to stability.
    private(set) var convergedSince: Instant?
    /// It fails again and again; a failure once the other services are up decides.
    private(set) var isCrashCandidate = false

    private var memory = TaskMemory()
    private var unplacedSince: Instant?
    private var emptySince: Instant?
    private var standingSince: Instant?
    private var abandonedSince: Instant?
    private var reminders = 0
    private var hasSeenUpdate = false
    private var hasSeenRollback = false

    init(_ expectation: ServiceExpectation, rules: VerdictRules, startedAt: Instant) {
        self.expectation = expectation
        self.rules = rules
        self.startedAt = startedAt
        progress = ServiceProgress(service: expectation.key, name: expectation.key, message: "waiting")
    }

    /// Of a service whose failure is known before it is watched.
    init(failed failure: ServiceFailure, id: String, startedAt: Instant) {
        self.init(
            ServiceExpectation(key: failure.service, id: id, change: .updated), rules: VerdictRules(),
            startedAt: startedAt)
        state = .failed(failure)
        progress.state = .failed
        progress.message = failure.reason.rawValue
    }

    /// Whether other services need not wait for it any more.
    var isSettled: Bool { state.isDecided || convergedSince != nil || isCrashCandidate }

    /// - Parameter othersSettledSince: since when every other service of the stack is up, ended or failing; an
    ///   application that crashes until its database answers is not broken.
    mutating func feed(_ observation: StackObservation, othersSettledSince: Instant?) {
        guard !state.isDecided else { return }
        guard let service = observation.services.first(where: { $0.id == expectation.id }) else {
            return fail(.removed, "service \(expectation.key) was removed while it was being deployed", nil)
        }
        let tasks = TaskCensus(
            service: service, tasks: observation.tasks.filter { $0.serviceID == service.id })
        memory.note(tasks, expectation: expectation, nodeNames: observation.nodeNames, at: observation.at)
        describe(service, tasks)
        standingSince = tasks.standsStill ? standingSince ?? observation.at : nil
        if judgeUpdate(service) { return }
        if judgeSuccess(service, tasks, at: observation.at) { return }
        if judgeFailures(tasks, othersSettledSince: othersSettledSince, at: observation.at) { return }
        judgePlacement(tasks, observation)
    }

    /// Whether the Swarm must be reminded of the service; true once for each time that it stood still for long.
    ///
    /// An updater that waits for a lost host takes no second order for the same spec, and forgets both when the host is back.
    mutating func takeReminder(at now: Instant) -> Bool {
        guard !state.isDecided, reminders < 5, let since = standingSince, now - since >= rules.standstill else {
            return false
        }
        standingSince = now
        reminders += 1
        return true
    }

    /// The time is over.
    mutating func expire(after timeout: Duration) {
        guard !state.isDecided else { return }
        let reached = "\(progress.running + progress.completed) of \(progress.desired) tasks"
        let text =
            "service \(expectation.key) did not get there within \(timeout.words): \(reached) as they should "
            + "be (\(progress.message))"
        fail(.timeout, text, memory.lastFailure)
    }

    /// With the log lines that the shell fetched.
    mutating func record(logLines: [String]) {
        guard case .failed(var failure) = state else { return }
        failure.lastLogLines = logLines
        state = .failed(failure)
    }

    private mutating func succeed(note: String? = nil) {
        state = .succeeded(note: note)
        progress.state = .succeeded
        progress.message = note ?? progress.message
    }

    private mutating func fail(_ reason: ServiceFailure.Reason, _ message: String, _ cause: TaskFailure?) {
        state = .failed(
            ServiceFailure(
                service: expectation.key, reason: reason, message: message, taskError: cause?.error.orNilText,
                exitCode: cause?.exitCode, node: cause?.node,
                taskID: cause?.hasContainer == true ? cause?.taskID : nil))
        progress.state = .failed
        progress.message = reason.rawValue
    }
}

// MARK: - The parts of a judgement

extension ServiceVerdict {
    private mutating func describe(_ service: Service, _ tasks: TaskCensus) {
        progress.name = service.spec.name ?? expectation.key
        progress.mode = service.spec.mode.modeName
        progress.running = tasks.running.count
        progress.desired = tasks.desired
        progress.completed = tasks.completed
        progress.message = tasks.words(updateState: service.updateStatus?.state, lastFailure: memory.lastFailure)
    }

    private mutating func judgeUpdate(_ service: Service) -> Bool {
        let isOurs = expectation.change != .unchanged
        let message = service.updateStatus?.message.orNil.map { ": \($0)" } ?? ""
        switch service.updateStatus?.state {
        case "updating": hasSeenUpdate = true
        case "rollback_started": hasSeenRollback = true
        case "paused":
            let text = "the update of service \(expectation.key) was paused by the Swarm\(message)"
            fail(.updatePaused, text, cause)
        case "rollback_paused":
            let text = "the update of service \(expectation.key) failed, and so did the way back\(message)"
            fail(.updateRolledBack, text, cause)
        case "rollback_completed" where isOurs || hasSeenUpdate || hasSeenRollback:
            let text = "the update of service \(expectation.key) failed and was rolled back\(message)"
            fail(.updateRolledBack, text, cause)
        default: break
        }
        return state.isDecided
    }

    private var cause: TaskFailure? { memory.lastFailure ?? memory.lastIgnoredFailure }

    private mutating func judgeFailures(
        _ tasks: TaskCensus, othersSettledSince: Instant?, at now: Instant
    ) -> Bool {
        // While the Swarm itself judges an update, its verdict (pause, rollback, go on) is waited for.
        if tasks.isUpdating, tasks.failureAction != "continue" { return false }
        if judgeAbandonment(tasks, at: now) { return true }
        guard let place = memory.worstPlace(), let last = place.failures.last else { return false }
        let count = place.failures.count
        let attempts = tasks.attempts
        switch last.failure.kind {
        case .imageNotFound, .rejected:
            guard count >= min(rules.rejections, attempts ?? .max) else { return false }
            failForTasks(last.failure, count: count, tasks)
        case .crash, .unhealthy, .ended:
            guard count >= (attempts ?? rules.crashes) else { return false }
            isCrashCandidate = true
            let isFinal = attempts.map { count >= $0 } ?? false
            guard isFinal || othersSettledSince.map({ last.firstSeen >= $0 }) == true else { return false }
            failForTasks(last.failure, count: count, tasks)
        }
        return state.isDecided
    }

    /// A Swarm may leave out the attempts that a restart policy allows (seen of engine 20.10, with one left of two):
    /// it makes the next task when the last one ends, so where none is wanted for a while, none will come.
    private mutating func judgeAbandonment(_ tasks: TaskCensus, at now: Instant) -> Bool {
        let places = tasks.attempts == nil || tasks.isConverged ? [] : memory.places { tasks.isAbandoned($0) }
        guard let place = places.first, let last = place.failures.last else {
            abandonedSince = nil
            return false
        }
        let since = abandonedSince ?? now
        abandonedSince = since
        guard now - since >= rules.abandonment else { return false }
        failForTasks(last.failure, count: place.failures.count, tasks)
        return true
    }

    private mutating func failForTasks(_ failure: TaskFailure, count: Int, _ tasks: TaskCensus) {
        let (key, times) = (expectation.key, count == 1 ? "once" : "\(count) times")
        switch failure.kind {
        case .imageNotFound:
            fail(.imageNotFound, "service \(key): the image \(tasks.image) cannot be pulled", failure)
        case .rejected: fail(.rejected, "service \(key): the node refuses to run its tasks", failure)
        case .unhealthy:
            fail(.unhealthy, "service \(key): its health check failed, and its task was ended \(times)", failure)
        case .ended: fail(.crashLoop, "service \(key) should go on running, but ended by itself \(times)", failure)
        case .crash where tasks.isJob: fail(.jobFailed, "job \(key) failed \(times)", failure)
        case .crash where count == 1 || tasks.attempts != nil:
            fail(.exited, "service \(key) failed \(times) and is not started again (restart policy)", failure)
        case .crash: fail(.crashLoop, "service \(key) crashed \(times)", failure)
        }
    }

    private mutating func judgePlacement(_ tasks: TaskCensus, _ observation: StackObservation) {
        guard let task = tasks.unplaced.first else {
            unplacedSince = nil
            return
        }
        let since = unplacedSince ?? observation.at
        unplacedSince = since
        guard observation.at - since >= rules.placement else { return }
        let count = tasks.unplaced.count
        let text = "service \(expectation.key): no suitable node for \(count) of \(tasks.desired) tasks"
        state = .failed(
            ServiceFailure(
                service: expectation.key, reason: .noSuitableNode, message: text,
                taskError: task.status.error ?? task.status.message))
        progress.state = .failed
    }

    private mutating func judgeSuccess(_ service: Service, _ tasks: TaskCensus, at now: Instant) -> Bool {
        guard tasks.isConverged else {
            convergedSince = nil
            judgeEmptiness(tasks, at: now)
            return state.isDecided
        }
        emptySince = nil
        convergedSince = convergedSince ?? now
        // The Swarm calls an update completed only when its own monitor time is over.
        let isMonitored = service.updateStatus?.state == "completed" && expectation.change == .updated
        guard isMonitored || tasks.running.allSatisfy({ isStable($0, tasks, at: now) }) else { return false }
        succeed()
        return true
    }

    /// A task that keeps failing is not up because it runs at this very moment: each failure at its place makes us
    /// look at the next one for longer.
    private func isStable(_ task: SwarmTask, _ tasks: TaskCensus, at now: Instant) -> Bool {
        if tasks.hasHealthcheck { return true }
        let patience = min(1 + memory.failureCount(at: TaskCensus.place(of: task)), 4)
        let window = (tasks.monitor ?? rules.stability) * patience
        return now - memory.upSince(task, expectation: expectation, at: now) >= window
    }

    private mutating func judgeEmptiness(_ tasks: TaskCensus, at now: Instant) {
        guard tasks.isEmptyGlobal else {
            emptySince = nil
            return
        }
        let since = emptySince ?? now
        emptySince = since
        guard now - since >= rules.emptiness else { return }
        succeed(note: "runs on no node: none meets its constraints")
    }
}

extension String {
    fileprivate var orNilText: String? { isEmpty ? nil : self }
}

extension Duration {
    /// `90 s`, `5 min`: for messages.
    var words: String {
        let seconds = components.seconds
        return seconds >= 120 && seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds) s"
    }
}
