import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// The journal of a step graph that runs inside a job, in the store's journal of steps.
///
/// It belongs to a document and lives as long: kept at the job itself it ends with the job; kept at what the job works on
/// (a cluster), a later job resumes or undoes what an earlier one left. Written only while the job's lease is held.
/// The job's document shows one step a kind of step, with `3 of 50` as its message.
public struct JobStepJournal: StepJournal {
    private let context: JobContext
    private let owner: ResourceID
    /// Before every entry's name: apart from entries of `recordedStep` and of other graphs.
    private let prefix: String

    /// - Parameters:
    ///   - owner: the document whose the journal is; the job's own when nil.
    ///   - graph: the name of the graph among those of the owner: `create`.
    public init(_ context: JobContext, owner: ResourceID? = nil, graph: String) {
        self.context = context
        self.owner = owner ?? context.id
        prefix = Self.prefix(graph)
    }

    private static func prefix(_ graph: String) -> String { "graph/\(graph)/" }

    public func records() async throws -> [String: StepRecord] {
        let (owner, prefix) = (owner, prefix)
        let entries = try await context.documents.write { try $0.journal(of: owner, prefix: prefix) }
        var records: [String: StepRecord] = [:]
        for (name, value) in entries {
            let step = String(name.dropFirst(prefix.count))
            guard let record = StepRecord(json: value, name: step) else {
                throw RoadsteadError(.internal, "the journal of \(owner) is damaged at step '\(name)'")
            }
            records[step] = record
        }
        return records
    }

    public func write(_ event: StepEvent, of step: GraphStep, _ progress: StepProgress) async throws {
        let (job, owner, entry) = (context.id, owner, prefix + step.name)
        try await context.write { transaction in
            switch event {
            case .began(let intent):
                try transaction.journal(StepRecord(step, intent: intent).json, step: entry, of: owner)
            case .done(let result):
                let intent = try transaction.journaled(entry, of: owner)?["intent"] ?? .null
                let record = StepRecord(step, intent: intent, result: result)
                try transaction.journal(record.json, step: entry, of: owner)
            case .failed: break
            case .undone: try transaction.eraseJournal(entry, of: owner)
            }
            _ = try transaction.editJob(job) { try $0.show(event, of: step, progress, at: transaction.now) }
        }
    }

    /// Throws `JobInterruption` when the server stops and `CancellationError` when the job was cancelled.
    public func passBorder() throws {
        try Task.checkCancellation()
        try context.gate.pass()
    }

    /// Forgets the graph: for when all of it is done and nobody will undo it step by step.
    public func clear() async throws { try await erase { _ in true } }

    /// Forgets what was done to one subject: it is gone, and another of its name would be another one.
    public func forget(subject: String) async throws { try await erase { $0["subject"]?.stringValue == subject } }

    private func erase(_ isErased: @escaping @Sendable (JSONValue) -> Bool) async throws {
        let (owner, prefix) = (owner, prefix)
        try await context.write { transaction in
            for (name, entry) in try transaction.journal(of: owner, prefix: prefix) where isErased(entry) {
                try transaction.eraseJournal(name, of: owner)
            }
        }
    }
}

// Before a job is begun: along with the document's new state.
extension JobStepJournal {
    /// Forgets what graphs of a document have done, but for one of them: what they made is no more as they left it.
    public static func clear(of owner: ResourceID, except graph: String?, in transaction: StoreTransaction) throws {
        for name in try transaction.journal(of: owner, prefix: "graph/").keys
        where !(graph.map { name.hasPrefix(prefix($0)) } ?? false) {
            try transaction.eraseJournal(name, of: owner)
        }
    }

    /// Has the steps of these kinds run again, though they are done.
    public static func reopen(
        _ kinds: Set<String>, of owner: ResourceID, graph: String, in transaction: StoreTransaction
    ) throws {
        for (name, entry) in try transaction.journal(of: owner, prefix: prefix(graph)) {
            guard let kind = entry["kind"]?.stringValue, kinds.contains(kind), var record = entry.objectValue else {
                continue
            }
            record["result"] = nil
            try transaction.journal(.object(record), step: name, of: owner)
        }
    }
}

extension StepRecord {
    fileprivate var json: JSONValue {
        var json: JSONObject = [
            "kind": .string(step.kind), "after": JSONValue(step.dependencies.sorted()), "intent": intent,
        ]
        json["subject"] = step.subject.map(JSONValue.string)
        json["result"] = result
        return .object(json)
    }

    fileprivate init?(json: JSONValue, name: String) {
        guard let kind = json["kind"]?.stringValue, let after = json["after"]?.arrayValue, let intent = json["intent"]
        else { return nil }
        let step = GraphStep(
            name, kind: kind, subject: json["subject"]?.stringValue, after: Set(after.compactMap(\.stringValue)))
        self.init(step, intent: intent, result: json["result"])
    }
}

extension JobStateMachine {
    /// Shows a step of a graph among the steps of its kind.
    mutating func show(_ event: StepEvent, of step: GraphStep, _ progress: StepProgress, at now: Instant) throws {
        let name = progress.isUndo ? "undo " + step.kind : step.kind
        if !hasStep(name) { try beginStep(name, at: now) }
        if case .failed(let message) = event {
            return try endStep(name, .failed, message: message, at: now)
        }
        let message = progress.count > 1 ? "\(progress.done) of \(progress.count)" : nil
        if progress.done == progress.count {
            try endStep(name, .success, message: message, at: now)
        } else if case .began = event {
            try resumeStep(name)
        } else if let message, !hasFailed(name) {
            try describeStep(name, message)
        }
        // The share of steps is the best that is known; they are not equally long.
        let share = progress.allCount == 0 ? 0 : 100 * progress.allDone / progress.allCount
        try self.progress(share, message: nil, at: now)
    }
}
