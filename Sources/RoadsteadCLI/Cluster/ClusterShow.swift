import ArgumentParser
import RoadsteadBasics
import RoadsteadClient
import RoadsteadModel

/// `roadstead cluster show NAME`
struct ClusterShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a cluster and its machines.")

    @Argument(help: "Name or id.")
    var name: String

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let client = connection.client
            var cluster = try await ResourceLookup.clusters(client).get(name)
            let machines = try await MachineQuery.list(client, of: try cluster.requireID())
            let endpoint = try await ClusterReport.endpoint(cluster, client)
            cluster["machines"] = .array(machines.map(JSONValue.object))
            connection.console.write(
                try Listing.lines(cluster, output) {
                    Self.lines(cluster, machines, endpoint: endpoint, now: connection.clock.now)
                })
        }
    }

    static func lines(_ cluster: JSONObject, _ machines: [JSONObject], endpoint: String?, now: Instant) -> [String] {
        let wanted = (try? ClusterDocument.specification(cluster.specification))?.json ?? cluster.specification
        var sheet = FactSheet()
        sheet.add("Name", cluster.title)
        sheet.add("Id", cluster.text("id"))
        sheet.add("State", cluster.text("state"))
        sheet.add("Message", cluster.text("state-message"))
        sheet.add("Certificates", cluster.text("certificate-warning"))
        for (label, key) in [
            ("Driver", "driver"), ("Credential", "credential"), ("Region", "region"), ("Zones", "zones"),
            ("Managers", "managers"), ("Workers", "workers"), ("Open ports", "ports"), ("Autolock", "autolock"),
        ] { sheet.add(label, wanted.text(key)) }
        sheet.add("Engine", endpoint)
        sheet.add("Swarm", cluster.text("swarm-id"))
        sheet.add("Not live yet", pending(cluster))
        sheet.add("Made beside", things(cluster))
        sheet.add("Created", Age.text(cluster.text("created"), now: now) + " ago")
        guard !machines.isEmpty else { return sheet.lines() }
        return sheet.lines() + [""] + table(machines).lines()
    }

    private static func table(_ machines: [JSONObject]) -> Table {
        let keys = [
            ("NAME", "name"), ("ROLE", "role"), ("STATE", "state"), ("ADDRESS", "address"), ("ZONE", "zone"),
            ("SIZE", "size"), ("SYSTEM", "system"), ("ENGINE", "engine-version"), ("MESSAGE", "state-message"),
        ]
        // A column that says nothing at all is left out: hosts that exist have no size.
        let shown = keys.filter { key in machines.contains { !$0.text(key.1).isEmpty } }
        return Table(shown.map(\.0), machines.map { machine in shown.map { machine.text($0.1) } })
    }

    private static func things(_ cluster: JSONObject) -> String {
        let things = cluster["things"]?.arrayValue?.compactMap(\.objectValue) ?? []
        return things.map { "\($0.text("kind")) \($0.title) (\($0.text("id")))" }.joined(separator: "\n")
    }

    /// What was written down and not applied.
    private static func pending(_ cluster: JSONObject) -> String {
        guard let applied = cluster["applied"]?.objectValue else { return "" }
        return SpecificationDifference.make(applied, cluster.specification).map(\.description).joined(separator: "\n")
    }
}
