/// What the dialect's uniform routes can ask of a type. One that is not among a type's verbs answers 405.
public enum ResourceVerb: String, Sendable, Hashable, CaseIterable {
    case add, query, retrieve, edit, delete
    case bulkDelete = "bulk-delete"
}
