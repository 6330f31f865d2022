/// How far the work on a `StepGraph` is: which steps may begin now. A pure state machine; whoever runs the steps tells it.
public struct StepGraphState: Sendable {
    public let graph: StepGraph
    public private(set) var done: Set<String>
    public private(set) var failed: Set<String> = []
    public private(set) var running: Set<String> = []
    /// Ended by a failure before them: they will never begin.
    public private(set) var blocked: Set<String> = []
    /// Of all kinds together.
    private let limit: Int
    private var runningKinds: [String: Int] = [:]
    /// Of each step that did not begin: how many it still waits for.
    private var missing: [String: Int]
    /// Free to begin but for limits, in the graph's order.
    private var waiting: [String] = []

    /// - Parameter done: steps that an earlier run finished; names that are not in the graph mean nothing.
    public init(_ graph: StepGraph, done: Set<String> = [], limit: Int = .max) {
        self.graph = graph
        self.done = done
        self.limit = limit
        missing = Dictionary(
            uniqueKeysWithValues: graph.steps.map { ($0.name, $0.dependencies.count { !done.contains($0) }) })
        waiting = graph.steps.map(\.name).filter { !done.contains($0) && missing[$0] == 0 }
    }

    /// Whether every step is done.
    public var isComplete: Bool { graph.steps.allSatisfy { done.contains($0.name) } }

    /// Takes the steps that may begin now, in the graph's order: their dependencies are done and no limit stops them.
    /// They count as running from then on.
    public mutating func begin() -> [GraphStep] {
        var begun: [GraphStep] = []
        var rest: [String] = []
        for name in waiting {
            guard let step = graph.step(named: name) else { continue }
            let ofKind = runningKinds[step.kind, default: 0]
            guard running.count < limit, ofKind < graph.limits[step.kind] ?? .max else {
                rest.append(name)
                continue
            }
            running.insert(name)
            runningKinds[step.kind] = ofKind + 1
            begun.append(step)
        }
        waiting = rest
        return begun
    }

    /// The running step is done.
    public mutating func finish(_ name: String) {
        guard end(name) else { return }
        done.insert(name)
        for follower in graph.followers(of: name) {
            missing[follower, default: 0] -= 1
            if missing[follower] == 0, !blocked.contains(follower) { waiting.append(follower) }
        }
    }

    /// The running step failed for good: nothing that depends on it begins.
    public mutating func fail(_ name: String) {
        guard end(name) else { return }
        failed.insert(name)
        blocked.formUnion(graph.descendants(of: name))
    }

    private mutating func end(_ name: String) -> Bool {
        guard running.remove(name) != nil, let step = graph.step(named: name) else { return false }
        runningKinds[step.kind, default: 1] -= 1
        return true
    }
}
