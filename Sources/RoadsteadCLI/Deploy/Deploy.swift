import ArgumentParser
import Foundation
import RoadsteadBasics
import RoadsteadClient

/// `roadstead deploy APP --to INFRA`
struct Deploy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Deploy an application to an infrastructure service, and wait for the verdict.",
        discussion: """
              roadstead deploy shop --to lab
              roadstead deploy -f compose.yml --to lab --name shop --env TAG=1.4
              roadstead deploy -f compose.yml --to lab --plan

            A deployment of that name on that infrastructure service is updated, otherwise one is made. The exit status \
            is 0 when every service does what the file says, 1 when one fails, 7 when time ran out.
            """)

    @Argument(help: "Name, path or id of an application.")
    var app: String?

    @Option(
        name: [.customShort("f"), .customLong("file")],
        help: ArgumentHelp("A Compose file to deploy; it becomes the application's newest version.", valueName: "file"))
    var file: String?

    @Option(
        name: .customLong("with"),
        help: ArgumentHelp("With -f: a further file to take along; may be repeated.", valueName: "file"))
    var extraFiles: [String] = []

    @Option(
        help: ArgumentHelp(
            "With -f: a registered registry that its images come from; may be repeated.", valueName: "infra"))
    var registry: [String] = []

    @Option(help: ArgumentHelp("The infrastructure service (or one of its credentials).", valueName: "infra"))
    var to: String

    @Option(help: "What to call the deployment; the application's name when absent.")
    var name: String?

    @OptionGroup var variables: VariableInput

    @Flag(help: "Show what would change, and change nothing.")
    var plan = false

    @Flag(name: .shortAndLong, help: "Do not wait for the verdict.")
    var detach = false

    @Option(
        help: ArgumentHelp("How long to wait, such as 90s or 10m; until the verdict when absent.", valueName: "time"))
    var timeout: TimeSpan?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (app == nil) != (file == nil) else {
            throw ValidationError("Name an application, or give a Compose file by -f FILE.")
        }
        guard file != nil || (extraFiles.isEmpty && registry.isEmpty) else {
            throw ValidationError("--with and --registry belong to -f FILE.")
        }
        if plan, detach { throw ValidationError("--plan changes nothing, so there is nothing to detach from.") }
    }

    func run() async throws {
        let values = try variables.values(Console.standard.environment)
        var content = try await content(values)
        try await Connection.run(connection) { connection in
            let target = try await DeployTarget.find(to, connection.client)
            content?.registries = try await RegistryChoice.find(registry, connection.client)
            let version = try await version(content, connection.client)
            let request = try DeploymentRequest(
                name: name ?? version.module.title, version: version, target: target, values: values)
            let work = DeploymentWork(client: connection.client, request: request, timeout: timeout)
            try await (plan ? show(work, connection) : perform(work, connection))
        }
    }

    /// nil when an application is deployed that is on the server already.
    private func content(_ values: [String: String]) async throws -> ApplicationContent? {
        guard let file else { return nil }
        let content = try await ApplicationContent.load(file, extraFiles: extraFiles)
        try DeploymentRequest.refuseUnknown(values, known: content.variables.map(\.name), of: file)
        let warnings = try await ApplicationCheck(label: file, content: content).run(values: values, isComplete: true)
        warnings.forEach { Console.standard.error("roadstead: warning: " + $0) }
        return content
    }

    private func version(
        _ content: ApplicationContent?, _ client: APIClient
    ) async throws(RoadsteadError) -> ApplicationStore.Version {
        let store = ApplicationStore(client: client)
        guard let content else {
            let found = try await ResourceLookup.applications(client).get(app ?? "")
            let module = try await client.get(try found.requireID())
            let isVersioned = app?.contains("_") == true && app?.hasPrefix("module/") == true
            let reference = try isVersioned ? app ?? "" : ApplicationStore.reference(module)
            return ApplicationStore.Version(module: module, reference: reference, isNew: false)
        }
        let title = name ?? Self.defaultName(file ?? "")
        let path = try await store.path(title, project: nil)
        return try await store.put(
            path: path, name: title, description: nil, content: content, commit: "deployed from \(file ?? "")")
    }

    /// The folder of the Compose file, as docker compose names projects.
    static func defaultName(_ file: String) -> String {
        let current = FileManager.default.currentDirectoryPath
        let absolute = file == "-" ? current + "/x" : file.hasPrefix("/") ? file : current + "/" + file
        let folder = ((absolute as NSString).standardizingPath as NSString).deletingLastPathComponent
        return ApplicationStore.projectName((folder as NSString).lastPathComponent)
    }

    /// The server ends the wait by its verdict, which says more; only when it does not do so in time the watch ends.
    private static let grace = Duration.seconds(60)

    private func show(_ work: DeploymentWork, _ connection: Connection) async throws {
        let plan = try await work.plan()
        let lines =
            try output.output == .table
            ? PlanText.lines(plan, connection.console.style) : Listing.encoded(.object(plan), output.output)
        connection.console.write(lines)
    }

    private func perform(_ work: DeploymentWork, _ connection: Connection) async throws {
        let started = try await work.start()
        let isMachineRead = output.quiet || output.output != .table
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
