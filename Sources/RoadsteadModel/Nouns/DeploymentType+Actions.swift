import RoadsteadBasics

extension ResourceType {
    static let deploymentActions =
        [
            ResourceAction(
                "start", right: .manage, description: "Deploy it; a job does it.",
                input: [timeout, planID, uniqueName] + content + choices),
            ResourceAction(
                "stop", right: .manage, description: "Remove the stack; a job does it.",
                input: [
                    Attribute("delete", .boolean, description: "Delete the deployment, too."),
                    Attribute("remove-volumes", .boolean, description: "With their data, on every node in reach."),
                    Attribute("remove-images", .boolean, description: "From every node in reach."),
                ]),
            ResourceAction(
                "update", right: .manage, description: "Deploy what it is now; a job does it.",
                input: [timeout, planID] + content + choices),
            ResourceAction("force-delete", right: .delete, description: "Forget it; its containers are left running."),
            ResourceAction(
                "fetch-module", right: .editData,
                description: "Take another version of the module; own values are kept.",
                input: [Attribute("module-href", .text, .required, description: "module/<uuid>_<version>")]),
            ResourceAction(
                "create-log", right: .manage, description: "Make a resource-log, from which lines can be fetched.",
                input: [
                    Attribute("components", .array(of: .text, minimum: 0, isDistinct: false)),
                    Attribute("since", .timestamp), Attribute("lines", .integer(1...10_000)),
                ]),
            ResourceAction("clone", right: .manage, description: "Make another one like it, without its target."),
            ResourceAction(
                "check-dct", right: .manage, description: "Find out which images are signed; a job does it."),
            ResourceAction(
                "fetch-coe-resources", right: .viewData, description: "What an edge has told about its containers."),
            ResourceAction("detach", right: .editData, description: "Take it out of its deployment group."),
        ] + ours

    /// Put into the document in one step with the start: what somebody else puts there meanwhile is not deployed by it.
    private static let content = [
        Attribute("module", .anything, description: "As an edit takes it: another version by href, and own values."),
        Attribute("parent", .resource(["credential"]), description: "The credential of the target."),
        Attribute("profiles", .strings, description: "The Compose profiles that it wants."),
        Attribute(
            "registries-credentials", .strings, description: "The accounts that images are pulled with."),
    ]

    private static let timeout = Attribute(
        "timeout", .integer(1...86_400), description: "Seconds until the verdict is that it took too long; 600.")

    private static let planID = Attribute(
        "plan-id", .text, description: "The plan that was approved: status 409 when it is another one by now.")

    private static let uniqueName = Attribute(
        "unique-name", .boolean,
        description:
            "Status 409 when its owner has started another one of that name on the same infrastructure service.")

    /// How a stack is brought to what it should be.
    static let choices = [
        Attribute(
            "recreate", .array(of: .text, minimum: 0, isDistinct: true),
            description:
                "Networks, services and volumes (with what is in them) that may be removed and made anew where a Swarm cannot change them."
        ),
        Attribute(
            "resolve-image", .oneOf(["always", "changed", "never"]),
            description: "When registries are asked for digests; always without it."),
        Attribute(
            "builds", .oneOf(["planned", "made"]),
            description:
                "What the caller does about services with `build`: their images will be pushed, and registries "
                + "are not asked for them yet; or they have been."),
    ]

    private static let ours = [
        ResourceAction(
            "plan", right: .manage, description: "What a start or an update would change on the Swarm.",
            input: [
                Attribute("module", .anything, description: "As if it had been put first; content may be whole."),
                Attribute("profiles", .strings, description: "Instead of the deployment's."),
                Attribute("registries-credentials", .strings, description: "Instead of the deployment's."),
            ] + choices),
        ResourceAction(
            "rollback", right: .manage, description: "Bring back a former revision; a job does it.",
            input: [
                Attribute("revision", .integer(1...Int64.max), description: "The one before the last without it."),
                timeout,
            ]),
        ResourceAction(
            "scale", right: .manage, description: "Change numbers of replicas; a job does it.",
            input: [
                Attribute("services", .dictionary(of: .integer(0...100_000)), .required, description: "By name."),
                timeout,
            ]),
        ResourceAction(
            "restart", right: .manage, description: "Make the tasks of services anew; a job does it.",
            input: [
                Attribute(
                    "services", .array(of: .text, minimum: 0, isDistinct: true), description: "All without it."),
                timeout,
            ]),
        ResourceAction("urls", right: .viewData, description: "The application's URLs with what is known put in."),
        ResourceAction("tasks", right: .viewData, description: "Its services and tasks as they are on the Swarm."),
    ]

    static let bulkDeploymentActions = [
        ResourceAction(
            "bulk-update", right: .manage, description: "Update all matching deployments; a job does it.",
            input: [filter, Attribute("module-href", .text, description: "The version to take first.")]),
        ResourceAction(
            "bulk-stop", right: .manage, description: "Stop all matching deployments; a job does it.", input: [filter]),
        ResourceAction(
            "bulk-delete", right: .delete,
            description: "Delete all matching deployments that are at rest; a job does it.",
            input: [filter]),
        ResourceAction(
            "bulk-force-delete", right: .delete,
            description: "Forget all matching deployments, whatever their state; a job does it.", input: [filter]),
    ]

    private static let filter = Attribute("filter", .text, .required, description: "Which deployments.")

    /// What answers without end: server-sent events, and a WebSocket for `exec`. The request's query has the arguments.
    static let streamActions = [
        ResourceAction(
            "stream/logs", right: .manage, isListed: false,
            description: "Lines of its logs as server-sent events: ?service=&task=&since=&tail=&follow="),
        ResourceAction(
            "stream/stats", right: .viewData, isListed: false,
            description: "CPU, memory and network of its tasks as server-sent events: ?service="),
        ResourceAction(
            "stream/exec", right: .manage, isListed: false,
            description: "A command in a task's container over a WebSocket: ?task=&command=&command=&tty="),
    ]
}
