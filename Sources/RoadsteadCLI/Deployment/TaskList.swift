import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead ps [NAME]`
struct TaskList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ps", abstract: "List the tasks of a deployment, with their whole errors.")

    @OptionGroup var deployment: NamedDeployment

    @Option(name: .shortAndLong, help: ArgumentHelp("Only this service; may be repeated.", valueName: "service"))
    var service: [String] = []

    @Flag(name: .shortAndLong, help: "Former tasks too, not only the newest of each place.")
    var all = false

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let found = try await deployment.find(connection.client)
            let answer = try await connection.client.operation("tasks", on: try found.requireID()).body
            let rows = try Self.rows(answer, services: Set(service), all: all)
            connection.console.write(try Self.listing(rows, now: connection.clock.now).lines(output))
        }
    }

    /// One document a task: the server's, with `service` and `name`. Throws notFound for a service that is not there.
    static func rows(_ answer: JSONObject, services: Set<String>, all: Bool) throws(RoadsteadError) -> [JSONObject] {
        let known = answer["services"]?.arrayValue?.compactMap(\.objectValue) ?? []
        let names = known.map { $0.text("name") }
        if let missing = services.sorted().first(where: { !names.contains($0) }) {
            throw RoadsteadError(
                .notFound, "there is no service '\(missing)'; there are: \(names.joined(separator: ", "))")
        }
        return known.filter { services.isEmpty || services.contains($0.text("name")) }.flatMap { service in
            var places: Set<String> = []
            let tasks = service["tasks"]?.arrayValue?.compactMap(\.objectValue) ?? []
            return tasks.compactMap { task -> JSONObject? in
                // Newest first in each place: a slot, or for a global service a node.
                let place = task["slot"].map { $0.text() } ?? task.text("node")
                guard places.insert(place).inserted || all else { return nil }
                return task.merging([
                    "service": .string(service.text("name")), "name": .string("\(service.text("name")).\(place)"),
                ])
            }
        }
    }

    static func listing(_ tasks: [JSONObject], now: Instant) -> Listing {
        Listing(
            documents: tasks,
            columns: [
                .init("TASK", key: "name"), .init("NODE", key: "node"), .init("STATE", key: "state"),
                .init("SINCE") { Age.text($0.text("since"), now: now) }, .init("DESIRED", key: "desired"),
                .init("IMAGE") { String($0.text("image").prefix { $0 != "@" }) },
                .init("ERROR") { task in
                    let code = task.text("exit-code")
                    return task.text("error")
                        + (task["error"] == nil && !code.isEmpty && code != "0" ? "exit \(code)" : "")
                },
            ])
    }
}
