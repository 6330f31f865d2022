import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead deployment logs NAME`
struct DeploymentLogs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Show what the services of a deployment have logged.")

    @Argument(help: "Name or id of the deployment.")
    var name: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("A service; may be repeated. All services when absent.", valueName: "service"))
    var service: [String] = []

    @Option(name: [.customShort("n"), .long], help: "How many lines of each service, at most.")
    var lines = 100

    @Option(help: ArgumentHelp("Only lines since then: a timestamp, or an age such as 10m.", valueName: "time"))
    var since: String?

    @Flag(name: .shortAndLong, help: "Go on showing new lines until Ctrl-C.")
    var follow = false

    @Flag(name: .shortAndLong, help: "Show the timestamp of each line.")
    var timestamps = false

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard lines > 0 else { throw ValidationError("--lines must be 1 or more.") }
    }

    func run() async throws {
        try await Connection.run(connection) { connection in
            let client = connection.client
            let deployment = try await client.get(try await ResourceLookup.deployments(client).id(name))
            let id = try deployment.requireID()
            let services = try service.isEmpty ? await allServices(client, of: id) : service
            let log = try await client.operation("create-log", on: id, request(services, connection.clock.now))
                .requireResource()
            do {
                try await show(log, connection)
                _ = try? await client.delete(log)
            } catch {
                _ = try? await client.delete(log)
                throw error
            }
        }
    }

    private func request(_ services: [String], _ now: Instant) throws -> JSONObject {
        var request: JSONObject = ["components": JSONValue(services), "lines": .integer(Int64(lines))]
        request["since"] = try since.map { .string(try Self.moment($0, now: now).description) }
        return request
    }

    static func moment(_ text: String, now: Instant) throws(RoadsteadError) -> Instant {
        if let instant = Instant(rfc3339: text) { return instant }
        if let span = TimeSpan(argument: text) { return now - span.duration }
        throw RoadsteadError(
            .invalidInput, "--since '\(text)' is neither a timestamp (2026-11-22T09:30:00Z) nor an age (10m)")
    }

    private func allServices(_ client: APIClient, of id: ResourceID) async throws(RoadsteadError) -> [String] {
        let names = Set(try await DeploymentParameters.list(client, of: id).map { $0.text("node-id") }).subtracting([""]
        )
        guard !names.isEmpty else {
            throw RoadsteadError(
                .invalidState, "'\(name)' has no services yet; see `roadstead deployment show \(name)`")
        }
        return names.sorted()
    }

    private func show(_ log: ResourceID, _ connection: Connection) async throws {
        var hasOne = false
        repeat {
            if hasOne { try await connection.clock.sleep(for: .seconds(2)) }
            hasOne = true
            let job = try await connection.client.operation("fetch", on: log).requireJob()
            try await JobFollower(connection: connection, isQuiet: true).complete(job, title: "logs of \(name)")
            let document = try await connection.client.get(log)
            connection.console.write(LogText.lines(document["log"], hasTimestamps: timestamps))
        } while follow
    }
}
