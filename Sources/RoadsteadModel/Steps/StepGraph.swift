import RoadsteadBasics

/// Steps and what each must wait for. Pure, and it knows no particular work.
public struct StepGraph: Sendable, Hashable {
    /// Every step behind those that it depends on; otherwise as they were given.
    public let steps: [GraphStep]
    /// How many steps of a kind may run at the same time; kinds that are not named have no limit.
    public let limits: [String: Int]
    private let places: [String: Int]
    /// The places of the steps that wait for each, by its place.
    private let followers: [[Int]]

    /// - Throws: `invalidInput` when a name comes twice, a dependency is not in the graph, steps wait for each other in a
    ///   circle, or a limit is less than 1.
    public init(_ steps: [GraphStep], limits: [String: Int] = [:]) throws(RoadsteadError) {
        try Self.check(steps, limits)
        self.limits = limits
        self.steps = try Self.sorted(steps)
        places = Dictionary(uniqueKeysWithValues: self.steps.enumerated().map { ($1.name, $0) })
        followers = Self.followers(of: self.steps, places)
    }

    /// For steps that are known to be in order.
    private init(sorted steps: [GraphStep], limits: [String: Int]) {
        (self.steps, self.limits) = (steps, limits)
        places = Dictionary(uniqueKeysWithValues: steps.enumerated().map { ($1.name, $0) })
        followers = Self.followers(of: steps, places)
    }

    public var isEmpty: Bool { steps.isEmpty }

    public func step(named name: String) -> GraphStep? { places[name].map { steps[$0] } }

    /// The names of the steps that wait for this one, directly.
    public func followers(of name: String) -> [String] {
        places[name].map { followers[$0].map { steps[$0].name } } ?? []
    }

    /// All steps that wait for this one, directly or not; not itself.
    public func descendants(of name: String) -> Set<String> {
        var found: Set<String> = []
        var open = followers(of: name)
        while let next = open.popLast() {
            if found.insert(next).inserted { open += followers(of: next) }
        }
        return found
    }

    /// The graph that undoes this one: the same steps, each waiting for those that waited for it.
    public var reversed: StepGraph {
        let steps = steps.reversed().map { step in
            var step = step
            step.dependencies = Set(followers(of: step.name))
            return step
        }
        return StepGraph(sorted: steps, limits: limits)
    }

    /// This graph without the steps that `isIncluded` refuses; what waited for one of them waits for what it waited for.
    public func filter(_ isIncluded: (GraphStep) -> Bool) -> StepGraph {
        var kept: [GraphStep] = []
        // Of each step that is left out: what stands for it.
        var substitutes: [String: Set<String>] = [:]
        for var step in steps {
            step.dependencies = step.dependencies.reduce(into: []) { names, name in
                names.formUnion(substitutes[name] ?? [name])
            }
            if isIncluded(step) { kept.append(step) } else { substitutes[step.name] = step.dependencies }
        }
        return StepGraph(sorted: kept, limits: limits)
    }
}

// MARK: - Construction

extension StepGraph {
    private static func check(_ steps: [GraphStep], _ limits: [String: Int]) throws(RoadsteadError) {
        var names: Set<String> = []
        for step in steps where !names.insert(step.name).inserted {
            throw RoadsteadError(.invalidInput, "step '\(step.name)' comes twice; give each a name of its own")
        }
        for step in steps {
            for name in step.dependencies.sorted() where !names.contains(name) {
                throw RoadsteadError(
                    .invalidInput, "step '\(step.name)' waits for '\(name)', which is not in the graph; add or drop it")
            }
        }
        for (kind, limit) in limits where limit < 1 {
            throw RoadsteadError(.invalidInput, "the limit of kind '\(kind)' is \(limit); it must be at least 1")
        }
    }

    /// Kahn's algorithm, taking the earliest given step of those that are free.
    private static func sorted(_ steps: [GraphStep]) throws(RoadsteadError) -> [GraphStep] {
        let places = Dictionary(uniqueKeysWithValues: steps.enumerated().map { ($1.name, $0) })
        let followers = followers(of: steps, places)
        var missing = steps.map(\.dependencies.count)
        var free = steps.indices.filter { missing[$0] == 0 }
        var order: [GraphStep] = []
        var next = 0
        while next < free.count {
            order.append(steps[free[next]])
            for follower in followers[free[next]] {
                missing[follower] -= 1
                if missing[follower] == 0 { free.append(follower) }
            }
            next += 1
        }
        guard order.count == steps.count else {
            let stuck = steps.indices.filter { missing[$0] > 0 }.map { "'\(steps[$0].name)'" }
            throw RoadsteadError(
                .invalidInput, "steps wait for each other in a circle, at or before: \(stuck.joined(separator: ", "))")
        }
        return order
    }

    private static func followers(of steps: [GraphStep], _ places: [String: Int]) -> [[Int]] {
        var followers = [[Int]](repeating: [], count: steps.count)
        for (index, step) in steps.enumerated() {
            for name in step.dependencies { if let place = places[name] { followers[place].append(index) } }
        }
        return followers
    }
}
