import RoadsteadBasics
import RoadsteadClient

/// What a job's document says about how far it is: decoded once, drawn in two ways.
struct JobProgress: Hashable, Sendable {
    /// How far one thing is, in the words that decide its mark.
    enum Mark: Hashable, Sendable {
        case waiting, running, done, failed, skipped
    }

    struct Step: Hashable, Sendable {
        var name: String
        var mark: Mark
        var message: String
    }

    struct ServiceLine: Hashable, Sendable {
        var service: String
        var mark: Mark
        var running: Int
        var desired: Int
        /// Tasks of a job that have ended well; nil for services that are no jobs.
        var completed: Int?
        var message: String

        /// `2/3 running`, `1/2 completed`.
        var count: String {
            completed.map { "\($0)/\(desired) completed" } ?? "\(running)/\(desired) running"
        }
    }

    var state: JobState
    var percent: Int
    var message: String
    var steps: [Step]
    var services: [ServiceLine]

    init(_ job: JSONObject) {
        state = JobState(job)
        percent = job["progress"]?.integerValue.map(Int.init) ?? 0
        message = job.text("status-message")
        steps = job["steps"]?.arrayValue?.compactMap { $0.objectValue.map(Step.init) } ?? []
        let verdict = job["verdict"]?.objectValue
        services = verdict?["services"]?.arrayValue?.compactMap { $0.objectValue.map(ServiceLine.init) } ?? []
    }

    init(state: JobState, message: String = "", steps: [Step] = [], services: [ServiceLine] = []) {
        self.state = state
        self.percent = 0
        self.message = message
        self.steps = steps
        self.services = services
    }
}

extension JobProgress {
    /// What a step says about itself; a running one that is silent speaks by the job's message.
    func detail(of step: Step) -> String {
        step.message.isEmpty && step.mark == .running && services.isEmpty ? message : step.message
    }
}

extension JobProgress.Step {
    init(_ object: JSONObject) {
        self.init(name: object.text("name"), mark: .init(step: object.text("state")), message: object.text("message"))
    }
}

extension JobProgress.ServiceLine {
    init(_ object: JSONObject) {
        func number(_ key: String) -> Int? { object[key]?.integerValue.map(Int.init) }
        let isJob = object.text("mode").hasSuffix("-job")
        self.init(
            service: object.text("service"), mark: .init(service: object.text("state")),
            running: number("running") ?? 0, desired: number("desired") ?? 0,
            completed: isJob ? number("completed") ?? 0 : nil, message: object.text("message"))
    }
}

extension JobProgress.Mark {
    init(step state: String) {
        switch state.lowercased() {
        case "running", "started": self = .running
        case "done", "success", "succeeded", "completed": self = .done
        case "failed", "error": self = .failed
        case "skipped": self = .skipped
        default: self = .waiting
        }
    }

    init(service state: String) {
        switch state {
        case "succeeded": self = .done
        case "failed": self = .failed
        default: self = .running
        }
    }

    var word: String {
        switch self {
        case .waiting: "waiting"
        case .running: "running"
        case .done: "done"
        case .failed: "failed"
        case .skipped: "skipped"
        }
    }
}
