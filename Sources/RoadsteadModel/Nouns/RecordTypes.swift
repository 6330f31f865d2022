import RoadsteadBasics

extension ResourceType {
    /// What happened, by whom: the audit trail.
    public static let event = ResourceType(
        "event", description: "What happened, by whom.",
        access: CollectionAccess(query: [Principal.user], add: [Principal.user], bulkDelete: [Principal.user]),
        verbs: [.add, .query, .retrieve, .delete, .bulkDelete],
        attributes: [
            Attribute("timestamp", .timestamp, [.required, .defaulted], description: "When it happened."),
            Attribute(
                "category", .oneOf(["add", "edit", "delete", "action", "state", "alarm", "email", "user"]), .required,
                description: "What kind of event it is; users' own are of category user."),
            Attribute(
                "severity", .oneOf(["critical", "high", "medium", "low"]), .required, description: "How grave it is."),
            Attribute("content", .map(eventContent), .required, description: "What it is about."),
            Attribute("success", .boolean, description: "Whether what was tried came about."),
            Attribute("authn-info", .map(authentication), description: "Who acted."),
        ],
        defaultOrder: [("timestamp", false)])

    private static let eventContent = Schema([
        Attribute("resource", .map(eventResource), .required), Attribute("linked-identifiers", .strings),
        Attribute("state", .string),
    ])

    /// `href` may be null: some events are about no resource.
    private static let eventResource = Schema([
        Attribute("href", .anything, .required), Attribute("content", .anything),
    ])

    private static let authentication = Schema([
        Attribute("user-id", .string), Attribute("active-claim", .string), Attribute("claims", .strings),
    ])

    /// The outcome of a check that somebody must be able to show later. It takes `prefix:name` attributes of registered
    /// prefixes beside its own.
    public static let evidenceRecord = ResourceType(
        "evidence-record", description: "The outcome of a check, kept to be shown later.",
        access: CollectionAccess(query: [Principal.user], add: [Principal.user], bulkDelete: [Principal.user]),
        verbs: [.add, .query, .retrieve, .delete, .bulkDelete],
        attributes: [
            Attribute("start-time", .timestamp, .required, description: "When the check began."),
            Attribute("end-time", .timestamp, .required, description: "When it ended."),
            Attribute("plan-id", .text, .required, description: "Which plan the check belongs to."),
            Attribute("passed", .boolean, .required, description: "Whether it was passed."),
            Attribute("class", .string, description: "What kind of check it was."),
            Attribute("log", .strings, description: "Lines of its log."),
        ], openness: .namespaced)
}
