import RoadsteadBasics

extension ResourceType {
    /// A durable piece of work. Actions make them; administrators may add one too. `steps` and `verdict` are ours.
    public static let job = ResourceType(
        "job", description: "A durable piece of work, with its progress and its end.",
        access: CollectionAccess(query: [Principal.user], add: [Principal.admin], bulkDelete: [Principal.admin]),
        verbs: ResourceType.allButBulk.union([.bulkDelete]),
        attributes: [
            Attribute("action", .text, [.required, .fixed], description: "What is to be done."),
            Attribute(
                "target-resource", .map(reference), [.required, .fixed], description: "The resource that it is done to."
            ),
            Attribute(
                "affected-resources", .array(of: .map(reference)), description: "All resources that it concerns."),
            Attribute("state", .oneOf(jobStates), [.required, .defaulted], description: "How far it has come."),
            Attribute("progress", .integer(0...100), [.defaulted], description: "Percent; 100 at its end only."),
            Attribute("return-code", .integer(0...Int64.max), description: "0 is success."),
            Attribute("status-message", .string, description: "What it does, or how it ended, for people."),
            Attribute("time-of-status-change", .timestamp, .managed, description: "When the message changed last."),
            Attribute("started", .timestamp, .managed, description: "When it ran first."),
            Attribute("duration", .integer(0...Int64.max), .managed, description: "Seconds from start to end."),
            Attribute("parent-job", .resource(["job"]), .fixed, description: "The job that it is a part of."),
            Attribute("nested-jobs", .array(of: .resource(["job"])), description: "Its parts."),
            Attribute("priority", .integer(0...999), .fixed, description: "Lower is sooner."),
            Attribute("execution-mode", .oneOf(["push", "pull", "mixed"]), .fixed, description: "Who does it."),
            Attribute("payload", .string, .fixed, description: "JSON text with what the action needs."),
            Attribute("output", .string, description: "What it has produced."),
            Attribute("expiry", .timestamp, description: "When it may be forgotten."),
            Attribute("version", .integer(0...Int64.max), .managed, description: "Of the job protocol: 2."),
            Attribute("steps", .anything, .managed, description: "What it has done, one entry a step."),
            Attribute("verdict", .anything, .managed, description: "What was found out about the target."),
            Attribute(
                "failure-code", .string, .managed,
                description: "What kind of error ended it (ours), such as forbidden or unavailable."),
        ],
        actions: [
            ResourceAction("cancel", right: .manage, description: "End it; what it has done already stays."),
            // Who may edit a job is an administrator: the one who may call it overdue.
            ResourceAction("timeout", right: .editData, description: "End it because it takes too long."),
            ResourceAction(
                "get-context", right: nil, isListed: false,
                description: "The resources that whoever runs it needs: for administrators and edges."),
            ResourceAction(
                "stream", right: .viewData, isListed: false, description: "Its changes as server-sent events."),
        ],
        defaultOrder: [("created", false)])

    private static let jobStates = ["QUEUED", "RUNNING", "SUCCESS", "FAILED", "CANCELED"]

    private static let reference = Schema([Attribute("href", .text, .required)])
}
