import DockerAPI
import RoadsteadBasics

/// The difference between what a stack should be and what the Swarm has, before anything is changed.
///
/// Steps stand in the order of applying: networks, configs, secrets, services, then removals. Objects that are as they
/// should be are listed too.
public struct StackPlan: Hashable, Sendable {
    public var stack: String
    public var steps: [PlanStep]
    /// What the Swarm will not do although the file says it, and what was not found out.
    public var warnings: [String]

    public init(stack: String, steps: [PlanStep] = [], warnings: [String] = []) {
        self.stack = stack
        self.steps = steps
        self.warnings = warnings
    }

    /// Whether the stack neither has nor shall have any object.
    public var isEmpty: Bool { steps.isEmpty }

    /// Whether applying it changes nothing.
    public var hasNoChange: Bool { !steps.contains(where: \.isChange) }

    public func steps(_ kinds: PlanStep.Kind...) -> [PlanStep] { steps.filter { kinds.contains($0.kind) } }
}

extension StackPlan {
    /// `{"stack", "changes": count, "steps": [{"kind", "name", "action", "changes"?}], "warnings"}`; no secret in it.
    public func json() -> JSONValue {
        [
            "stack": .string(stack), "changes": JSONValue(steps.count(where: \.isChange)),
            "steps": .array(steps.map { $0.json() }), "warnings": JSONValue(warnings),
        ]
    }

    /// For people: one line an object, one more a changed field, and a line that sums up.
    public func lines() -> [String] {
        steps.flatMap { $0.lines() } + warnings.map { "! \($0)" } + [summary]
    }

    /// `2 to create, 1 to update, 3 unchanged, none to remove`, or that there is nothing to do.
    public var summary: String {
        guard !isEmpty else { return "stack \(stack): nothing to deploy" }
        guard !hasNoChange else { return "stack \(stack): no changes" }
        let counts = ["create", "update", "unchanged", "remove"].compactMap { word -> String? in
            let count = steps.count { $0.action.name == word || (word == "unchanged" && $0.action == .check) }
            guard count > 0 else { return nil }
            return word == "unchanged" ? "\(count) unchanged" : "\(count) to \(word)"
        }
        return "stack \(stack): " + counts.joined(separator: ", ")
    }
}

extension StackPlan {
    /// Compares a desired stack with the live one.
    ///
    /// - Parameters:
    ///   - images: what registries said, by the image as the file writes it; images not in it were not asked for.
    /// - Throws: `notFound` for external objects that are missing, `conflict` for names that others hold,
    ///   `invalidState` for changes that a Swarm refuses (data of a config, the mode of a service); all that were
    ///   found, one a line, under the first one's code.
    public static func make(
        desired: DesiredStack, live: LiveStack, prune: PruneScope = .none, images: [String: ImageResolution] = [:]
    ) throws(RoadsteadError) -> StackPlan {
        var planner = StackPlanner(desired: desired, live: live, prune: prune, images: images)
        return try planner.plan()
    }
}
