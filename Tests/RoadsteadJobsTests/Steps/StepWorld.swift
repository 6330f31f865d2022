import RoadsteadBasics
import RoadsteadJobs
import RoadsteadModel
import RoadsteadTestKit

/// An outside world that knows things by token, and a journal that dies after a number of writes.
final class StepWorld: StepActions {
    struct State {
        /// What is there, by token; each made once.
        var things: [String: String] = [:]
        /// How often something was made under each token.
        var made: [String: Int] = [:]
        var performed: [String] = []
        var undone: [String] = []
        var orderProblems: [String] = []
        var running: [String: Int] = [:]
        var peaks: [String: Int] = [:]
        var nextID = 0
        /// Errors to be thrown by a step, before or after its deed.
        var errors: [String: [(RoadsteadError, afterDeed: Bool)]] = [:]
    }

    let state = Shared(State())
    /// Whether `recover` looks for the thing; otherwise it says that the step is to run again.
    let adopts: Bool

    init(adopts: Bool = true) { self.adopts = adopts }

    func intent(of step: GraphStep, _ results: StepResults) async throws -> JSONValue {
        let number = state.change { state in
            state.nextID += 1
            return state.nextID
        }
        return ["token": .string("\(step.name)#\(number)")]
    }

    func perform(_ step: GraphStep, intent: JSONValue, _ results: StepResults) async throws -> JSONValue {
        let token = intent["token"]?.stringValue ?? ""
        begin(step, results)
        await Task.yield()
        defer { state.change { $0.running[step.kind, default: 0] -= 1 } }
        let error = state.change { state -> (RoadsteadError, afterDeed: Bool)? in
            guard state.errors[step.name]?.isEmpty == false else { return nil }
            return state.errors[step.name]?.removeFirst()
        }
        if let error, !error.afterDeed { throw error.0 }
        let id = make(step, token)
        if let error { throw error.0 }
        return ["id": .string(id)]
    }

    private func begin(_ step: GraphStep, _ results: StepResults) {
        state.change { state in
            state.performed.append(step.name)
            state.running[step.kind, default: 0] += 1
            state.peaks[step.kind] = max(state.peaks[step.kind, default: 0], state.running[step.kind, default: 0])
            for name in step.dependencies where results[name] == nil || !state.things.values.contains(name) {
                state.orderProblems.append("\(step.name) ran before \(name)")
            }
        }
    }

    /// The same token gives the same thing.
    private func make(_ step: GraphStep, _ token: String) -> String {
        state.change { state in
            if state.things[token] == nil {
                state.things[token] = step.name
                state.made[step.name, default: 0] += 1
            }
            return token
        }
    }

    func recover(_ step: GraphStep, intent: JSONValue, _ results: StepResults) async throws -> StepRecovery {
        let token = intent["token"]?.stringValue ?? ""
        guard adopts, state.value.things[token] != nil else { return .runAgain }
        return .done(["id": .string(token)])
    }

    func undo(_ step: GraphStep, intent: JSONValue, result: JSONValue?) async throws {
        let token = intent["token"]?.stringValue ?? ""
        await Task.yield()
        state.change { state in
            guard let name = state.things.removeValue(forKey: token) else { return }
            state.undone.append(name)
        }
    }
}

/// The work shall end at the border between two steps.
struct Border: Error {}

/// The process ended.
struct Killed: Error {}

/// Keeps records in memory; dies at a given write, before or after it has become durable.
final class MemoryJournal: StepJournal {
    struct State {
        var records: [String: StepRecord] = [:]
        var events: [String] = []
        var writesLeft = Int.max
        var isDurableAtDeath = false
        var isDead = false
        var stopsAtBorder = false
    }

    let state = Shared(State())

    /// A new process on the same records, which dies at its `write`th write.
    func revive(dyingAt write: Int = .max, durable: Bool = false) {
        state.change { state in
            state.isDead = false
            state.writesLeft = write
            state.isDurableAtDeath = durable
        }
    }

    func records() async throws -> [String: StepRecord] { state.value.records }

    func write(_ event: StepEvent, of step: GraphStep, _ progress: StepProgress) async throws {
        let isDead = state.change { state -> Bool in
            guard !state.isDead else { return true }
            state.writesLeft -= 1
            state.isDead = state.writesLeft <= 0
            if !state.isDead || state.isDurableAtDeath { Self.apply(event, step, &state) }
            return state.isDead
        }
        if isDead { throw Killed() }
    }

    private static func apply(_ event: StepEvent, _ step: GraphStep, _ state: inout State) {
        switch event {
        case .began(let intent):
            state.records[step.name] = StepRecord(step, intent: intent)
            state.events.append("began \(step.name)")
        case .done(let result):
            state.records[step.name]?.result = result
            state.events.append("done \(step.name)")
        case .failed(let message): state.events.append("failed \(step.name): \(message)")
        case .undone:
            state.records[step.name] = nil
            state.events.append("undone \(step.name)")
        }
    }

    func passBorder() throws {
        try Task.checkCancellation()
        if state.value.isDead { throw Killed() }
        if state.value.stopsAtBorder { throw Border() }
    }
}

/// A clock on which every wait is over at once.
struct HurriedClock: WallClock {
    let now = Instant(millisecondsSinceEpoch: 0)

    func sleep(for duration: Duration) async throws { try Task.checkCancellation() }
}
