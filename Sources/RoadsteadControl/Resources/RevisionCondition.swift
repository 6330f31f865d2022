import RoadsteadBasics

/// Which revision a document must have for a change to be made: the meaning of `If-Match`.
public enum RevisionCondition: Sendable, Hashable {
    /// Whatever it has, as long as it exists.
    case any
    case oneOf(Set<Int64>)

    /// Throws a conflict with the fact `precondition` (412) when the document has another revision.
    func check(_ revision: Int64, of id: ResourceID) throws(RoadsteadError) {
        guard case .oneOf(let wanted) = self, !wanted.contains(revision) else { return }
        throw RoadsteadError(
            .conflict, "\(id) has been changed meanwhile; read it again and repeat the change",
            context: ["resource-id": id.description, "precondition": "If-Match"])
    }
}

/// A document as it is shown, and the revision that it was made from.
public struct RevisedDocument: Sendable {
    public let document: JSONObject
    public let revision: Int64
}
