import RoadsteadBasics
import RoadsteadModel

/// A plan that a person has seen, with the identifier by which the server holds what follows to it.
struct ShownPlan: Sendable {
    var plan: ClusterPlan
    /// nil of a server that gives none.
    var id: String?

    /// The body of what was approved.
    var approval: JSONObject { id.map { ["plan-id": .string($0)] } ?? [:] }
}
