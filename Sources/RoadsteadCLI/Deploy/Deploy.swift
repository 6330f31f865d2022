import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead deploy [APP | -f FILE] --on INFRA`
struct Deploy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Deploy an application or a Compose file, and wait for the verdict.",
        discussion: """
              roadstead deploy --on lab                  # the Compose file of this folder
              roadstead deploy -f compose.yml --on lab --name shop --env TAG=1.4
              roadstead deploy --on lab --build          # makes and pushes its images first
              roadstead deploy shop --on lab             # an application of the server

            A deployment of that name is updated, otherwise one is made. On a terminal the plan is shown, and you are asked \
            when it removes something or replaces tasks (--yes does not ask). The exit status is 0 when every service does \
            what the file says, 3 when nothing was touched, 4 when a service fails, 5 when it was rolled back, 6 when \
            time ran out. Ctrl-C ends the watching only.
            """, aliases: ["up"])

    @OptionGroup var input: ApplicationInput

    @Flag(help: "Show what would change, and change nothing; as `roadstead plan`.")
    var plan = false

    @Flag(name: .shortAndLong, help: "Do not wait for the verdict.")
    var detach = false

    @Option(
        help: ArgumentHelp("How long to wait, such as 90s or 10m; until the verdict when absent.", valueName: "time"))
    var timeout: TimeSpan?

    @Flag(name: .shortAndLong, help: "Do not ask, whatever the plan removes or replaces.")
    var yes = false

    @Option(
        help: ArgumentHelp(
            "The id of a plan that was approved: refused when it would be another one by now.", valueName: "id"))
    var planID: String?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if plan, detach { throw ValidationError("--plan changes nothing, so there is nothing to detach from.") }
        if input.build, planID != nil {
            throw ValidationError("--plan-id approves images that are there: deploy what was built without --build.")
        }
    }

    func run() async throws {
        let local = try await input.read(Console.standard)
        try await Connection.run(connection) { connection in
            if input.build, let local {
                let build = try await DeployBuild.make(input, local, connection)
                if plan { return try await PlanScreen(output: output).show(build, connection) }
                try await build.run(connection.console, isQuiet: isMachineRead)
            }
            let planned =
                try await wantsPlan(connection.console)
                ? DeploymentWork(
                    client: connection.client, request: input.request(local, connection.client, keeps: false))
                : nil
            if plan, let planned { return try await PlanScreen(output: output).show(planned, connection) }
            if let planned { try await PlanApproval.get(try await planned.plan(), for: planID, connection.console) }
            let request = try await input.request(local, connection.client)
            try await perform(
                DeploymentWork(client: connection.client, request: request, timeout: timeout, planID: planID),
                connection)
        }
    }

    /// Whoever is there is asked; scripts are not.
    private func wantsPlan(_ console: Console) -> Bool {
        if plan || planID != nil { return true }
        let isAttended = console.isInputTerminal && console.isOutputTerminal
        return isAttended && !yes && !isMachineRead
    }

    private var isMachineRead: Bool { output.quiet || output.output != .table }

    /// The server ends the wait by its verdict, which says more; only when it does not do so in time the watch ends.
    private static let grace = Duration.seconds(60)

    private func perform(_ work: DeploymentWork, _ connection: Connection) async throws {
        let started = try await work.start()
        if !detach {
            let follower = JobFollower(
                connection: connection, isQuiet: isMachineRead, timeout: timeout.map { $0.duration + Self.grace })
            try await follower.complete(started.job, title: work.request.name)
        }
        var deployment = try await connection.client.get(started.deployment)
        deployment["job"] = .string(started.job.description)
        let parameters =
            detach || isMachineRead
            ? [] : try await DeploymentParameters.list(connection.client, of: started.deployment)
        connection.console.write(
            try Listing.lines(deployment, output) {
                Self.sentences(deployment, parameters, job: started.job, isDetached: detach)
            })
    }

    static func sentences(
        _ deployment: JSONObject, _ parameters: [JSONObject], job: ResourceID, isDetached: Bool
    ) -> [String] {
        let id = deployment.text("id")
        if isDetached {
            return ["\(deployment.title) is being deployed (\(id)); watch it by: roadstead job watch \(job.identifier)"]
        }
        let urls = DeploymentParameters.addresses(deployment, parameters)
        return ["\(deployment.title) is deployed (\(id))."] + urls.map { "  \($0.label): \($0.url)" }
    }
}
