import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead deployment show NAME`
struct DeploymentShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a deployment: state, services, addresses, last job.")

    @Argument(help: "Name or id.")
    var name: String

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let client = connection.client
            let id = try await ResourceLookup.deployments(client).id(name)
            let deployment = try await client.get(id)
            guard output.output == .table, !output.quiet else {
                connection.console.write(try Listing.lines(deployment, output) { [] })
                return
            }
            let parameters = try await DeploymentParameters.list(client, of: id)
            let jobs = ClientQuery(filter: "target-resource/href='\(id)'", orderBy: "created:desc", last: 1)
            let job = try await client.query("job", jobs).documents.first
            connection.console.write(Self.lines(deployment, parameters, job: job, style: connection.console.style))
        }
    }

    static func lines(
        _ deployment: JSONObject, _ parameters: [JSONObject], job: JSONObject?, style: Style
    ) -> [String] {
        var sheet = FactSheet()
        sheet.add("Name", deployment.title)
        sheet.add("State", deployment.text("state"))
        if deployment["health"] != nil {
            let since = deployment.text("health-since")
            sheet.add("Health", deployment.text("health") + (since.isEmpty ? "" : " since \(since)"))
        }
        sheet.add("Reason", deployment.text("reason"))
        sheet.add("Application", deployment["module"]?["path"]?.stringValue)
        sheet.add("Version", deployment["module"]?["href"]?.stringValue)
        sheet.add(
            "Infrastructure",
            deployment["infrastructure-service-name"]?.stringValue ?? deployment.text("infrastructure-service"))
        sheet.add("Stack", deployment["stack-name"]?.stringValue ?? deployment.id?.identifier)
        sheet.add("Revision", deployment.text("revision"))
        sheet.add("Updated", deployment.text("updated"))
        sheet.add("Id", deployment.text("id"))
        for (label, url) in DeploymentParameters.addresses(deployment, parameters) { sheet.add(label, url) }
        if let job { sheet.add("Last job", "\(job.text("action")) \(job.text("state")) (\(job.text("id")))") }
        return sheet.lines() + services(parameters) + failures(deployment, job, style)
    }

    private static func services(_ parameters: [JSONObject]) -> [String] {
        let nodes = Set(parameters.map { $0.text("node-id") }).subtracting([""]).sorted()
        guard !nodes.isEmpty else { return [] }
        let values = Dictionary(parameters.map { ($0.text("name"), $0.text("value")) }, uniquingKeysWith: { $1 })
        let rows = nodes.map { node in
            let running = values["\(node).replicas.running"] ?? ""
            let desired = values["\(node).replicas.desired"] ?? ""
            let ports = values.filter { $0.key.hasPrefix(node + ".tcp.") || $0.key.hasPrefix(node + ".udp.") }
                .sorted { $0.key < $1.key }.map { "\($0.value)->\($0.key.dropFirst(node.count + 5))" }
            return [
                node, values["\(node).mode"] ?? "", desired.isEmpty ? running : "\(running)/\(desired)",
                values["\(node).image"] ?? "", ports.joined(separator: ", "),
            ]
        }
        return [""] + Table(["SERVICE", "MODE", "REPLICAS", "IMAGE", "PORTS"], rows).lines()
    }

    private static func failures(_ deployment: JSONObject, _ job: JSONObject?, _ style: Style) -> [String] {
        guard let job, deployment.text("state") == "ERROR" else { return [] }
        let outcome = JobOutcome.make(job, title: deployment.title, style: style)
        return outcome.lines.isEmpty ? [] : [""] + outcome.lines.map { $0.replacing("roadstead: ", with: "") }
    }
}
