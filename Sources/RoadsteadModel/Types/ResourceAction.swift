/// An action of a type beyond the uniform verbs: `POST /api/<type>/<uuid>/<name>`.
public struct ResourceAction: Sendable {
    public let name: String
    /// What the caller needs on the resource; nil when the action itself decides.
    public let right: AccessRight?
    /// Whether a document offers it in `operations`; some actions answer although they are not on offer.
    public let isListed: Bool

    public init(_ name: String, right: AccessRight?, isListed: Bool = true) {
        self.name = name
        self.right = right
        self.isListed = isListed
    }
}
