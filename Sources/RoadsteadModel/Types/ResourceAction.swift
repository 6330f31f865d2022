/// An action of a type beyond the uniform verbs: `POST /api/<type>/<uuid>/<name>`; or on many resources at once,
/// `PATCH /api/<type>/<name>`.
public struct ResourceAction: Sendable {
    public let name: String
    /// What the caller needs on the resource; nil when the action itself decides.
    public let right: AccessRight?
    /// Whether a document offers it in `operations`; some actions answer although they are not on offer.
    public let isListed: Bool
    /// A sentence for people: part of openapi.json and of `resource-metadata`.
    public let description: String?
    /// What the body of the request may say.
    public let input: [Attribute]

    public init(
        _ name: String, right: AccessRight?, isListed: Bool = true, description: String? = nil,
        input: [Attribute] = []
    ) {
        self.name = name
        self.right = right
        self.isListed = isListed
        self.description = description
        self.input = input
    }

    /// The bulk actions that every type with `tags` can have.
    public static let tagActions: [ResourceAction] = [
        tagAction("set-tags", "Give all matching resources these tags instead of their own."),
        tagAction("add-tags", "Add these tags to all matching resources."),
        tagAction("remove-tags", "Take these tags away from all matching resources."),
    ]

    private static func tagAction(_ name: String, _ description: String) -> ResourceAction {
        let tags = Schema([Attribute("tags", .array(of: .string, minimum: 0, isDistinct: true), .required)])
        return ResourceAction(
            name, right: .editData, description: description,
            input: [
                Attribute("filter", .string, description: "Which resources; all of them without it."),
                Attribute("doc", .map(tags), .required),
            ])
    }
}
