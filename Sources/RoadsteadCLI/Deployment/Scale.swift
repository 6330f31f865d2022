import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead scale SERVICE=N…`
struct Scale: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Change how many tasks services have, and wait for the verdict.",
        discussion: "The next deploy takes the numbers of the Compose file again.")

    /// A service and its number of tasks, `web=3`.
    struct Wish: ExpressibleByArgument, Hashable, Sendable {
        var service: String
        var replicas: Int

        init?(argument: String) {
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty, let replicas = Int(parts[1]), (0...100_000).contains(replicas)
            else { return nil }
            (service, self.replicas) = (parts[0], replicas)
        }
    }

    @Argument(help: ArgumentHelp("Services with their numbers, such as web=3.", valueName: "service=number"))
    var wishes: [Wish]

    @OptionGroup var deployment: DeploymentChoice
    @OptionGroup var wait: WaitOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        let names = wishes.map(\.service)
        guard Set(names).count == names.count else { throw ValidationError("Name each service once.") }
    }

    func run() async throws {
        try await Connection.run(connection) { connection in
            let found = try await deployment.find(nil, connection.client)
            let services = JSONObject(wishes.map { ($0.service, JSONValue($0.replicas)) })
            let done = wishes.map { "\($0.service) to \($0.replicas)" }.joined(separator: ", ")
            try await DeploymentJobRun(connection: connection, wait: wait, output: output).run(
                "scale", on: found, ["services": .object(services)], done: "\(found.title): scaled \(done).")
        }
    }
}
