import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead restart [SERVICE…]`
struct Restart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the tasks of services anew, as their update rules say, and wait for the verdict.")

    @Argument(help: "Services; all of them when absent.")
    var services: [String] = []

    @OptionGroup var deployment: DeploymentChoice
    @OptionGroup var wait: WaitOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let found = try await deployment.find(nil, connection.client)
            let body: JSONObject = services.isEmpty ? [:] : ["services": JSONValue(services)]
            let what = services.isEmpty ? "all services" : services.joined(separator: ", ")
            try await DeploymentJobRun(connection: connection, wait: wait, output: output).run(
                "restart", on: found, body, done: "\(found.title): restarted \(what).")
        }
    }
}
