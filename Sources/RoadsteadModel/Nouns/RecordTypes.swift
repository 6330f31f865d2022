import RoadsteadBasics

extension ResourceType {
    /// A durable piece of work. Made by actions only; `steps` and `verdict` are ours.
    public static let job = ResourceType(
        "job",
        access: CollectionAccess(query: [Principal.user], add: [Principal.admin], bulkDelete: [Principal.admin]),
        verbs: [.query, .retrieve, .delete, .bulkDelete],
        attributes: [
            Attribute("action", .string, [.required, .fixed]),
            Attribute("target-resource", .map(reference), [.fixed]),
            Attribute("affected-resources", .array(of: .map(reference))),
            Attribute("state", .oneOf(["QUEUED", "RUNNING", "SUCCESS", "FAILED", "CANCELED"]), .required),
        ],
        actions: [
            ResourceAction("cancel", right: .manage), ResourceAction("stream", right: .viewData, isListed: false),
        ],
        defaultOrder: [("created", false)])

    private static let reference = Schema([Attribute("href", .text, .required)])

    /// What happened, by whom: the audit trail.
    public static let event = ResourceType(
        "event",
        access: CollectionAccess(query: [Principal.user], add: [Principal.user], bulkDelete: [Principal.user]),
        verbs: [.add, .query, .retrieve, .delete, .bulkDelete],
        attributes: [
            Attribute("timestamp", .timestamp, .required),
            Attribute(
                "category", .oneOf(["add", "edit", "delete", "action", "state", "alarm", "email", "user"]), .required),
            Attribute("severity", .oneOf(["critical", "high", "medium", "low"]), .required),
            Attribute("content", .map(eventContent), .required),
            Attribute("success", .boolean),
            Attribute("authn-info", .anything),
        ],
        defaultOrder: [("timestamp", false)])

    private static let eventContent = Schema([
        Attribute("resource", .anything, .required), Attribute("linked-identifiers", .strings),
        Attribute("state", .string),
    ])
}
