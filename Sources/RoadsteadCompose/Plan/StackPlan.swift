import DockerAPI
import RoadsteadBasics

/// The difference between what a stack should be and what the Swarm has, before anything is changed.
///
/// Steps stand in the order of applying: networks, volumes, configs, secrets, services, then removals. Objects that are as they
/// should be are listed too.
public struct StackPlan: Hashable, Sendable {
    public var stack: String
    public var steps: [PlanStep]
    /// What the Swarm will not do although the file says it, and what was not found out.
    public var warnings: [String]
    /// What somebody else changed on the Swarm since the last revision was applied; only when that is known.
    public var drift: [StackDrift]
    /// What the stack is once this is applied: all names and images final. Redacted, since secrets are among it.
    public var outcome: Redacted<DesiredStack>

    public init(
        stack: String, steps: [PlanStep] = [], warnings: [String] = [], drift: [StackDrift] = [],
        outcome: DesiredStack? = nil
    ) {
        self.stack = stack
        self.steps = steps
        self.warnings = warnings
        self.drift = drift
        self.outcome = Redacted(outcome ?? DesiredStack(name: stack))
    }

    /// Whether the stack neither has nor shall have any object.
    public var isEmpty: Bool { steps.isEmpty }

    /// Whether applying it changes nothing.
    public var hasNoChange: Bool { !steps.contains(where: \.isChange) }

    /// Whether it changes nothing but the labels in which services note how a file wrote their images, as after
    /// `docker service update --image`: no task and no behaviour of the stack depends on them.
    public var changesNotesOnly: Bool {
        steps.filter(\.isChange).allSatisfy { step in
            !step.isRolling && step.action.name == "update"
                && step.changes.allSatisfy { $0.path == "Labels.\(DesiredStack.imageLabel)" }
        }
    }

    public func steps(_ kinds: PlanStep.Kind...) -> [PlanStep] { steps.filter { kinds.contains($0.kind) } }
}

extension StackPlan {
    /// `{"stack", "changes": count, "steps": [{"kind", "name", "action", "changes"?, "rolls"?, "note"?}], "drift"?,
    /// "warnings"}`; no secret in it.
    public func json() -> JSONValue {
        var object: JSONObject = [
            "stack": .string(stack), "changes": JSONValue(steps.count(where: \.isChange)),
            "steps": .array(steps.map { $0.json() }), "warnings": JSONValue(warnings),
        ]
        if !drift.isEmpty { object["drift"] = .array(drift.map { $0.json() }) }
        return .object(object)
    }

    /// For people: one line an object, one more a changed field, and a line that sums up.
    public func lines() -> [String] {
        steps.flatMap { $0.lines() } + drift.flatMap { $0.lines() } + warnings.map { "! \($0)" } + [summary]
    }

    /// `2 to create, 1 to update, 3 unchanged, none to remove`, or that there is nothing to do.
    public var summary: String {
        guard !isEmpty else { return "stack \(stack): nothing to deploy" }
        guard !hasNoChange else { return "stack \(stack): no changes" }
        let counts = ["create", "update", "recreate", "unchanged", "remove"].compactMap { word -> String? in
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
    ///   - recreate: names, in the file or on the Swarm, of networks, services and volumes that may be removed and made
    ///     anew; volumes with what is in them.
    ///   - last: what was applied last, to tell what somebody else has changed since.
    /// - Throws: `notFound` for external objects that are missing, `conflict` for names that others hold,
    ///   `invalidState` for changes that a Swarm refuses (the mode of a service) and for nodes out of reach whose volumes would
    ///   stay, `invalidInput` for names to be made anew that the stack does not have, what the registry made of an image;
    ///   all that were found, one a line, under the first one's code.
    public static func make(
        desired: DesiredStack, live: LiveStack, prune: PruneScope = .none, images: [String: ImageResolution] = [:],
        recreate: Set<String> = [], last: StackRevision? = nil
    ) throws(RoadsteadError) -> StackPlan {
        var planner = StackPlanner(desired: desired, live: live, prune: prune, images: images, recreate: recreate)
        var plan = try planner.plan()
        plan.drift = last.map { StackDrift.find(since: $0, live: live) } ?? []
        return plan
    }
}
