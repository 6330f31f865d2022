import GRDB
import RoadsteadBasics

/// A job as its runner holds it: the row of the queue. What people see of it is the `job` document.
public struct QueuedJob: Sendable, Hashable {
    public let id: ResourceID
    public let action: String
    /// How often it failed and was put back.
    public let failures: Int
    /// How often a runner took it up; more than `failures` + 1 when runners died in it.
    public let leases: Int
    /// It was cancelled: no work any more, only its settlement.
    public let isCancelled: Bool
}

extension StoreTransaction {
    /// Queues the work and makes its `job` document.
    ///
    /// Throws conflict when the draft is unique and an unfinished job with its action and target exists.
    @discardableResult
    public func enqueue(_ draft: JobDraft) throws -> StoredDocument {
        if draft.isUnique, let other = try unfinishedJob(action: draft.action, target: draft.target) {
            throw RoadsteadError(
                .conflict,
                "\(draft.target) has an unfinished job \(other) (\(draft.action)); wait for it or cancel it first",
                context: ["job": other.description])
        }
        let document = try insert(draft.body(now: now))
        try queue(
            document.id, action: draft.action, target: draft.target, priority: draft.priority,
            notBefore: draft.notBefore)
        return document
    }

    /// Queues a job whose document is there already. Throws notFound.
    public func queue(
        _ id: ResourceID, action: String, target: ResourceID, priority: Int, notBefore: Instant? = nil
    ) throws {
        guard let row = try DocumentRows.key(id, in: database) else { throw DocumentRows.notFound(id) }
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO job_queue (document, id, action, target, priority, not_before) VALUES (?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            row.sequence, id.description, action, target.description, priority,
            (notBefore ?? now).millisecondsSinceEpoch,
        ])
    }

    /// The oldest job with this action on this target that is neither done nor cancelled.
    public func unfinishedJob(action: String, target: ResourceID) throws -> ResourceID? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT id FROM job_queue WHERE target = ? AND action = ? AND is_cancelled = 0 ORDER BY document LIMIT 1
                """)
        return try String.fetchOne(statement, arguments: [target.description, action]).flatMap { ResourceID($0) }
    }

    /// The unfinished jobs on a target, oldest first.
    public func unfinishedJobs(target: ResourceID) throws -> [QueuedJob] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT id, action, failures, leases, is_cancelled FROM job_queue
                WHERE target = ? AND is_cancelled = 0 ORDER BY document
                """)
        return try Row.fetchAll(statement, arguments: [target.description]).compactMap(Self.queuedJob)
    }

    fileprivate static func queuedJob(_ row: Row) -> QueuedJob? {
        guard let id = ResourceID(row[0] as String) else { return nil }
        return QueuedJob(id: id, action: row[1], failures: row[2], leases: row[3], isCancelled: row[4])
    }
}

// MARK: - Leases

extension StoreTransaction {
    /// Takes up to `limit` jobs that are due and held by nobody, the most urgent first, and holds them until `end`.
    ///
    /// Of the jobs on one target only one is held at a time: the lease is the lock on the target.
    public func leaseJobs(owner: String, until end: Instant, limit: Int) throws -> [QueuedJob] {
        var leased: [QueuedJob] = []
        while leased.count < limit, let job = try nextJob() {
            let statement = try database.cachedStatement(
                sql: "UPDATE job_queue SET owner = ?, lease_until = ?, leases = leases + 1 WHERE id = ?")
            try statement.execute(arguments: [owner, end.millisecondsSinceEpoch, job.id.description])
            leased.append(
                QueuedJob(
                    id: job.id, action: job.action, failures: job.failures, leases: job.leases + 1,
                    isCancelled: job.isCancelled))
        }
        return leased
    }

    private func nextJob() throws -> QueuedJob? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT id, action, failures, leases, is_cancelled FROM job_queue q
                WHERE (q.owner IS NULL OR q.lease_until <= :now) AND (q.not_before <= :now OR q.is_cancelled)
                AND NOT EXISTS (SELECT 1 FROM job_queue o WHERE o.target = q.target AND o.owner IS NOT NULL
                    AND o.lease_until > :now)
                ORDER BY q.is_cancelled DESC, q.priority, q.document LIMIT 1
                """)
        return try Row.fetchOne(statement, arguments: ["now": now.millisecondsSinceEpoch]).flatMap(Self.queuedJob)
    }

    /// Prolongs the owner's leases and tells which of its jobs it still holds.
    public func extendLeases(owner: String, until end: Instant) throws -> Set<ResourceID> {
        try database.cachedStatement(sql: "UPDATE job_queue SET lease_until = ? WHERE owner = ?")
            .execute(arguments: [end.millisecondsSinceEpoch, owner])
        let statement = try database.cachedStatement(sql: "SELECT id FROM job_queue WHERE owner = ?")
        return Set(try String.fetchAll(statement, arguments: [owner]).compactMap { ResourceID($0) })
    }

    /// Frees the jobs of every other owner. Only for a runner that knows that it is the only one on this store.
    public func dropForeignLeases(owner: String) throws {
        try database.cachedStatement(
            sql: "UPDATE job_queue SET owner = NULL, lease_until = NULL WHERE owner IS NOT NULL AND owner <> ?"
        ).execute(arguments: [owner])
    }

    /// Whether the owner still holds the job. A runner whose lease was taken over must write nothing any more.
    public func holdsLease(on id: ResourceID, owner: String) throws -> Bool {
        let statement = try database.cachedStatement(sql: "SELECT owner FROM job_queue WHERE id = ?")
        return try String.fetchOne(statement, arguments: [id.description]) == owner
    }

    /// Puts a job back, to be taken up from `notBefore` on; `countsAsFailure` when it failed rather than was interrupted.
    public func releaseJob(_ id: ResourceID, notBefore: Instant, countsAsFailure: Bool) throws {
        let statement = try database.cachedStatement(
            sql: """
                UPDATE job_queue SET owner = NULL, lease_until = NULL, not_before = ?, failures = failures + ?
                WHERE id = ?
                """)
        try statement.execute(arguments: [
            notBefore.millisecondsSinceEpoch, countsAsFailure ? 1 : 0, id.description,
        ])
    }

    /// Takes the job from the queue for good, with its journal. Its document stays.
    public func dequeueJob(_ id: ResourceID) throws {
        try database.cachedStatement(
            sql: "DELETE FROM job_step WHERE document = (SELECT document FROM job_queue WHERE id = ?)"
        ).execute(arguments: [id.description])
        try database.cachedStatement(sql: "DELETE FROM job_queue WHERE id = ?").execute(arguments: [id.description])
    }

    /// Marks the queued or running job as cancelled, so that its runner stops and settles it. False: it is not queued.
    public func markJobCancelled(_ id: ResourceID) throws -> Bool {
        try database.cachedStatement(sql: "UPDATE job_queue SET is_cancelled = 1 WHERE id = ?")
            .execute(arguments: [id.description])
        return database.changesCount > 0
    }
}

// MARK: - Journal and schedule

extension StoreTransaction {
    /// What a finished step of the job recorded, or nil when the step was not finished yet.
    public func journaled(_ step: String, of job: ResourceID) throws -> JSONValue? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT s.value FROM job_step s JOIN document d ON d.seq = s.document WHERE d.id = ? AND s.name = ?
                """)
        guard let text = try String.fetchOne(statement, arguments: [job.description, step]) else { return nil }
        do { return try JSONValue.parse(text) } catch {
            throw RoadsteadError(.internal, "the journal of \(job) is damaged at step '\(step)'", cause: error)
        }
    }

    /// Records that a step of the job is finished.
    public func journal(_ value: JSONValue, step: String, of job: ResourceID) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO job_step (document, name, value) SELECT seq, ?, ? FROM document WHERE id = ?
                """)
        try statement.execute(arguments: [step, value.text(), job.description])
    }

    /// All entries of a document's journal whose name begins with `prefix`, by name.
    public func journal(of document: ResourceID, prefix: String) throws -> [String: JSONValue] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT s.name, s.value FROM job_step s JOIN document d ON d.seq = s.document
                WHERE d.id = ? AND substr(s.name, 1, length(?)) = ?
                """)
        let rows = try Row.fetchAll(statement, arguments: [document.description, prefix, prefix])
        var entries: [String: JSONValue] = [:]
        for row in rows {
            do { entries[row[0]] = try JSONValue.parse(row[1] as String) } catch {
                throw RoadsteadError(
                    .internal, "the journal of \(document) is damaged at '\(row[0] as String)'", cause: error)
            }
        }
        return entries
    }

    /// Takes an entry out of a document's journal, as if it had never been written.
    public func eraseJournal(_ step: String, of document: ResourceID) throws {
        let statement = try database.cachedStatement(
            sql: "DELETE FROM job_step WHERE document = (SELECT seq FROM document WHERE id = ?) AND name = ?")
        try statement.execute(arguments: [document.description, step])
    }

    /// Whether periodic work of this name is due; when it is, its next time is `every` from now.
    ///
    /// The first time is now. After a pause of the server missed times count once.
    public func takeScheduled(_ name: String, every: Duration) throws -> Bool {
        let held = try database.cachedStatement(sql: "SELECT next_run FROM schedule WHERE name = ?")
        if let next = try Int64.fetchOne(held, arguments: [name]), next > now.millisecondsSinceEpoch { return false }
        try database.cachedStatement(sql: "INSERT OR REPLACE INTO schedule (name, next_run) VALUES (?, ?)")
            .execute(arguments: [name, (now + every).millisecondsSinceEpoch])
        return true
    }
}
