import Logging
import RoadsteadBasics
import RoadsteadStore

extension JobRunner {
    /// Brings one leased job as far as it goes now: to its end, to another attempt, or to an interruption.
    func execute(_ job: QueuedJob, stops: AsyncStream<JobStop>) async {
        var logger = logger
        logger[metadataKey: "job"] = "\(job.id)"
        logger[metadataKey: "action"] = "\(job.action)"
        do {
            guard let context = try await begin(job, logger: logger), let handler = handlers[job.action] else { return }
            let result = await supervise(handler, context, stops: stops)
            try await conclude(job, handler, result, logger: logger)
        } catch is CancellationError {
            logger.debug("job left: its lease is gone")
        } catch {
            // The lease runs out, and the job is taken up again.
            logger.error("job not brought to an end", metadata: ["error": "\(error)"])
        }
    }

    /// Marks the job as running. nil when there is nothing to run: it is settled instead.
    private func begin(_ job: QueuedJob, logger: Logger) async throws -> JobContext? {
        guard let handler = handlers[job.action] else {
            try await end(job, nil, .failed("this server cannot run jobs of the kind '\(job.action)'"), logger: logger)
            return nil
        }
        if job.isCancelled {
            try await end(job, handler, .cancelled, logger: logger)
            return nil
        }
        guard job.leases <= options.maximumLeases else {
            let message = "given up: the job was interrupted \(job.leases - 1) times without an end"
            try await end(job, handler, .failed(message), logger: logger)
            return nil
        }
        let document = try await store.write { transaction in
            try transaction.editJob(job.id) { try $0.start(at: transaction.now) }
        }
        return try context(job, document, handler, logger: logger)
    }

    private func context(
        _ job: QueuedJob, _ document: StoredDocument, _ handler: any JobHandler, logger: Logger
    ) throws -> JobContext {
        guard let target = document.body["target-resource"]?["href"]?.stringValue.flatMap({ ResourceID($0) }) else {
            throw RoadsteadError(.internal, "\(job.id) has no target-resource")
        }
        let payload = document.body["payload"]?.stringValue.flatMap { try? JSONValue.parse($0) } ?? .null
        return JobContext(
            id: job.id, action: job.action, target: target, payload: payload, attempt: job.failures + 1,
            isResumed: job.leases > job.failures + 1, isLastAttempt: job.failures + 1 >= handler.maximumAttempts,
            documents: store, clock: clock, logger: logger, owner: owner, gate: gate)
    }

    /// Runs the handler until it ends, cancelling it when a stop arrives.
    private func supervise(
        _ handler: any JobHandler, _ context: JobContext, stops: AsyncStream<JobStop>
    ) async -> Result<JobOutcome, any Error> {
        await withTaskGroup(of: Result<JobOutcome, any Error>?.self) { group in
            group.addTask {
                do { return .success(try await handler.run(context)) } catch { return .failure(error) }
            }
            group.addTask {
                for await _ in stops { break }
                return nil
            }
            for await result in group {
                group.cancelAll()
                if let result { return result }
            }
            return .failure(CancellationError())
        }
    }

    private func conclude(
        _ job: QueuedJob, _ handler: any JobHandler, _ result: Result<JobOutcome, any Error>, logger: Logger
    ) async throws {
        let reason = running.stopReason(job.id)
        if reason == .leaseLost { return logger.warning("job left: its lease was lost") }
        switch result {
        case .success(let outcome): try await end(job, handler, JobEnd(outcome), logger: logger)
        case .failure(let error):
            if reason == .cancelled { return try await end(job, handler, .cancelled, logger: logger) }
            if reason == .shutdown || Task.isCancelled || (gate.isStopping && error is JobInterruption) {
                return try await interrupt(job, logger: logger)
            }
            try await fail(job, handler, error, logger: logger)
        }
    }

    /// Leaves the job `RUNNING` and free for the next runner.
    private func interrupt(_ job: QueuedJob, logger: Logger) async throws {
        let owner = owner
        try await store.write { transaction in
            guard try transaction.holdsLease(on: job.id, owner: owner) else { return }
            try transaction.releaseJob(job.id, notBefore: transaction.now, countsAsFailure: false)
        }
        logger.info("job interrupted; it will be resumed")
    }

    private func fail(
        _ job: QueuedJob, _ handler: any JobHandler, _ error: any Error, logger: Logger
    ) async throws {
        let message = JobFailurePolicy.message(error)
        let policy = JobFailurePolicy(error)
        guard policy != .fail, job.failures + 1 < handler.maximumAttempts else {
            let code = (error as? RoadsteadError)?.code ?? .internal
            return try await end(job, handler, .failed(message, code), logger: logger)
        }
        let pause =
            policy == .park
            ? options.park : options.backoff.delay(failures: job.failures + 1, random: ids.makeUnitRandom())
        try await postpone(job, message, attempts: handler.maximumAttempts, pause: pause)
        logger.info("job failed; it will be tried again", metadata: ["error": "\(error)", "pause": "\(pause)"])
    }

    private func postpone(_ job: QueuedJob, _ message: String, attempts: Int, pause: Duration) async throws {
        let owner = owner
        try await store.write { transaction in
            guard try transaction.holdsLease(on: job.id, owner: owner) else { throw CancellationError() }
            let next = transaction.now + pause
            let text = "attempt \(job.failures + 1) of \(attempts) failed: \(message); next attempt at \(next)"
            let document = try transaction.get(job.id)
            // Cancelled in this moment: it goes back as it is, to be settled.
            if !JobStateMachine(body: document.body).state.isFinal {
                _ = try transaction.editJob(job.id) { try $0.postpone(text, at: transaction.now) }
            }
            try transaction.releaseJob(job.id, notBefore: next, countsAsFailure: true)
        }
    }

    /// Finishes the document, lets the handler settle, and takes the job from the queue: one transaction.
    private func end(_ job: QueuedJob, _ handler: (any JobHandler)?, _ end: JobEnd, logger: Logger) async throws {
        let final: JobEnd
        do {
            final = try await finish(job, handler, end)
        } catch let error where !(error is CancellationError) && handler != nil {
            logger.error("job could not be settled", metadata: ["error": "\(error)"])
            final = try await finish(job, nil, end)
        }
        logger.info("job ended", metadata: ["state": "\(final.state.rawValue)", "message": "\(final.message)"])
    }

    private func finish(_ job: QueuedJob, _ handler: (any JobHandler)?, _ end: JobEnd) async throws -> JobEnd {
        let owner = owner
        return try await store.write { transaction in
            guard try transaction.holdsLease(on: job.id, owner: owner) else { throw CancellationError() }
            guard var document = try transaction.find(job.id) else {
                try transaction.dequeueJob(job.id)
                return end
            }
            // Whoever was cancelled while it ended stays cancelled: clients have read that already.
            var final = end
            if JobStateMachine(body: document.body).state == .cancelled {
                final = .cancelled
            } else {
                document = try transaction.editJob(job.id) { try $0.finish(end, at: transaction.now) }
            }
            try handler?.settle(document, final, in: transaction)
            try transaction.dequeueJob(job.id)
            return final
        }
    }
}
