import RoadsteadBasics

/// How a job's document changes through its life. Pure: it edits a body and knows neither store nor clock.
///
/// Attributes are Nuvla's (`state`, `progress`, `return-code`, `status-message`, `time-of-status-change`, `started`,
/// `duration` in seconds, ...) and three of ours: `steps`, a list of {name, state, started, ended, message},
/// `verdict`, and `failure-code`, the kind of error that ended it.
public struct JobStateMachine: Sendable {
    /// Longer messages are cut in the middle.
    static let messageLimit = 100_000

    public private(set) var body: JSONObject

    public init(body: JSONObject) { self.body = body }

    /// QUEUED when the document says nothing that we know.
    public var state: JobState { body["state"]?.stringValue.flatMap(JobState.init) ?? .queued }

    /// A runner took the job up, for the first time or again after an interruption.
    public mutating func start(at now: Instant) throws {
        try requireUnfinished()
        if body["started"] == nil { body["started"] = .string(now.description) }
        body["priority"] = nil
        setState(.running)
    }

    /// It failed but will be tried again.
    public mutating func postpone(_ message: String, at now: Instant) throws {
        try requireUnfinished()
        setState(.queued)
        setMessage(message, at: now)
    }

    public mutating func progress(_ percent: Int, message: String?, at now: Instant) throws {
        try requireUnfinished()
        // 100 is kept for final states: clients take it for the end.
        body["progress"] = JSONValue(min(max(percent, 0), 99))
        if let message { setMessage(message, at: now) }
    }

    public mutating func set(verdict: JSONValue) throws {
        try requireUnfinished()
        body["verdict"] = verdict
    }

    /// The end of it, `end.state` being final.
    public mutating func finish(_ end: JobEnd, at now: Instant) throws {
        try requireUnfinished()
        setState(end.state)
        body["progress"] = 100
        body["return-code"] = JSONValue(end.returnCode)
        if let verdict = end.verdict { body["verdict"] = verdict }
        body["failure-code"] = end.failureCode.map { .string($0.rawValue) }
        setMessage(end.message, at: now)
        closeSteps(as: end.state == .success ? .success : .failed, at: now)
        guard let started = body["started"]?.stringValue.flatMap(Instant.init(rfc3339:)) else { return }
        body["duration"] = .integer(max(0, (now - started).components.seconds))
    }

    private func requireUnfinished() throws {
        guard !state.isFinal else {
            throw RoadsteadError(
                .conflict,
                "edit is not allowed in final state: \(body["id"]?.stringValue ?? "the job") is \(state.rawValue)")
        }
    }

    private mutating func setState(_ state: JobState) { body["state"] = .string(state.rawValue) }

    private mutating func setMessage(_ message: String, at now: Instant) {
        let text = JSONValue.string(Self.cut(message))
        guard body["status-message"] != text else { return }
        body["status-message"] = text
        body["time-of-status-change"] = .string(now.description)
    }

    /// Cuts a long message in the middle: its head and its end tell most.
    static func cut(_ message: String) -> String {
        guard message.unicodeScalars.count > messageLimit else { return message }
        let mark = "\n[...]\n"
        let kept = (messageLimit - mark.unicodeScalars.count) / 2
        let scalars = message.unicodeScalars
        return String(scalars.prefix(kept)) + mark + String(scalars.suffix(kept))
    }
}

// MARK: - Steps

extension JobStateMachine {
    /// The step runs now; a step that ran before, and was interrupted or failed, begins anew in its old place.
    public mutating func beginStep(_ name: String, at now: Instant) throws {
        try requireUnfinished()
        setStep(name, ["name": .string(name), "state": "RUNNING", "started": .string(now.description)])
    }

    public mutating func endStep(_ name: String, _ state: JobStepState, message: String?, at now: Instant) throws {
        try requireUnfinished()
        setStep(name, ended(step(name), state, message: message, at: now))
    }

    /// Tells more about a step that runs.
    public mutating func describeStep(_ name: String, _ message: String) throws {
        try requireUnfinished()
        var step = step(name)
        step["message"] = .string(Self.cut(message))
        setStep(name, step)
    }

    func hasStep(_ name: String) -> Bool { steps.contains { $0["name"]?.stringValue == name } }

    func hasFailed(_ name: String) -> Bool { step(name)["state"] == .string(JobStepState.failed.rawValue) }

    /// A step that failed or ended runs on, in its old place and from its old start.
    mutating func resumeStep(_ name: String) throws {
        try requireUnfinished()
        var step = step(name)
        guard step["state"] != "RUNNING" else { return }
        step["state"] = "RUNNING"
        step["ended"] = nil
        step["message"] = nil
        setStep(name, step)
    }

    private func ended(_ step: JSONObject, _ state: JobStepState, message: String?, at now: Instant) -> JSONObject {
        var step = step
        step["state"] = .string(state.rawValue)
        step["ended"] = .string(now.description)
        if let message { step["message"] = .string(Self.cut(message)) }
        return step
    }

    private mutating func closeSteps(as state: JobStepState, at now: Instant) {
        for step in steps where step["state"] == "RUNNING" {
            guard let name = step["name"]?.stringValue, let open = step.objectValue else { continue }
            setStep(name, ended(open, state, message: nil, at: now))
        }
    }

    private var steps: [JSONValue] { body["steps"]?.arrayValue ?? [] }

    private func step(_ name: String) -> JSONObject {
        steps.first { $0["name"]?.stringValue == name }?.objectValue ?? ["name": .string(name)]
    }

    private mutating func setStep(_ name: String, _ step: JSONObject) {
        var steps = steps
        if let index = steps.firstIndex(where: { $0["name"]?.stringValue == name }) {
            steps[index] = .object(step)
        } else {
            steps.append(.object(step))
        }
        body["steps"] = .array(steps)
    }
}
