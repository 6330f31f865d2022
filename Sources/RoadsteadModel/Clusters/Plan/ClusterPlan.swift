import Crypto
import Foundation
import RoadsteadBasics

/// The difference between what a cluster should be and what it is, before anything is changed.
///
/// Steps stand in the order of applying: the firewall, new workers, all that changes who is a manager (in one go, so that
/// their number is even for no longer than it must), removals, engines, labels. What is as it should be is listed too.
public struct ClusterPlan: Sendable, Hashable {
    public var cluster: String
    public var steps: [ClusterPlanStep]
    /// What is otherwise than the specification says and is left so.
    public var warnings: [String]

    init(cluster: String, steps: [ClusterPlanStep], warnings: [String]) {
        (self.cluster, self.steps, self.warnings) = (cluster, steps, warnings)
    }

    /// Whether applying it changes nothing.
    public var hasNoChange: Bool { !steps.contains(where: \.isChange) }

    /// Compares a specification with what was found.
    ///
    /// - Throws: `invalidState`, with all that was found, one a line, when the managers have lost their quorum or a step
    ///   would cost it.
    public static func make(
        _ specification: ClusterSpecification, _ facts: ClusterFacts
    ) throws(RoadsteadError) -> ClusterPlan {
        var planner = ClusterPlanner(specification, facts)
        return try planner.plan()
    }
}

extension ClusterPlan {
    /// `{"cluster", "changes": count, "steps": [{"kind", "name", "action", "role"?, "replaces"?, "changes"?, "details"?,
    /// "note"?}], "warnings"}`; no secret in it.
    public func json() -> JSONValue {
        .object([
            "cluster": .string(cluster), "changes": JSONValue(steps.count(where: \.isChange)),
            "steps": .array(steps.map { $0.json() }), "warnings": JSONValue(warnings),
        ])
    }

    /// For people: one line a thing, one more a changed field, and a line that sums up.
    public func lines() -> [String] { steps.flatMap { $0.lines() } + warnings.map { "! \($0)" } + [summary] }

    /// `2 to make, 3 unchanged, 1 to remove`, or that there is nothing to do.
    public var summary: String {
        guard !hasNoChange else { return "cluster \(cluster): no changes" }
        let words = ["make", "finish", "replace", "promote", "demote", "update", "upgrade", "unchanged", "remove"]
        let counts = words.compactMap { word -> String? in
            let count = steps.count { $0.action.name == word }
            guard count > 0 else { return nil }
            return word == "unchanged" ? "\(count) unchanged" : "\(count) to \(word)"
        }
        return "cluster \(cluster): " + counts.joined(separator: ", ")
    }

    /// A short hash of what applying it does: two plans that have it in common do the same, so an apply can be held to the
    /// plan that somebody has seen.
    public var identifier: String {
        let text = steps.filter(\.isChange).map { $0.json().text(.canonical) }.joined(separator: "\n")
        return Hexadecimal.text(Array(SHA256.hash(data: Data((cluster + "\n" + text).utf8)).prefix(8)))
    }
}
