import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead machine ls`
struct MachineList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List machines.",
        discussion: """
            --format takes the names of docker-machine's fields: {{.Name}} {{.Active}}
            {{.DriverName}} {{.State}} {{.URL}} {{.Swarm}} {{.DockerVersion}} {{.Error}}.
            """)

    @Flag(name: .shortAndLong, help: "Print names only.")
    var quiet = false

    @Option(
        help: ArgumentHelp(
            "Only those with driver=, state=, name=, swarm= or label=; may be repeated.", valueName: "key=value"))
    var filter: [MachineFilter] = []

    @Option(
        name: .shortAndLong, help: ArgumentHelp("A line for each, such as '{{.Name}}: {{.URL}}'.", valueName: "text"))
    var format: FieldTemplate?

    @Option(name: .shortAndLong, help: "How to print: table, json or yaml.")
    var output = OutputFormat.table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let client = connection.client
            let clusters = try await client.query("cluster", ClientQuery(select: ["name"])).documents
            let names = Dictionary(clusters.map { ($0.text("id"), $0.title) }) { first, _ in first }
            let machines = try await MachineQuery.list(client).filter { machine in
                MachineFilter.allows(filter, machine, clusters: names)
            }
            connection.console.write(try lines(machines, names, connection.console.environment))
        }
    }

    private func lines(
        _ machines: [JSONObject], _ clusters: [String: String], _ environment: [String: String]
    ) throws -> [String] {
        if quiet { return machines.map(\.title) }
        let rows = machines.map { Self.fields($0, clusters, environment) }
        if let format { return rows.map { format.text($0) } }
        guard output == .table else {
            return try Listing.encoded(.array(machines.map(JSONValue.object)), output)
        }
        return Table(Self.titles.map(\.0), rows.map { row in Self.titles.map { row[$0.1] ?? "" } }).lines()
    }

    /// docker-machine's columns and the fields behind them.
    private static let titles = [
        ("NAME", "Name"), ("ACTIVE", "Active"), ("DRIVER", "DriverName"), ("STATE", "State"), ("URL", "URL"),
        ("SWARM", "Swarm"), ("DOCKER", "DockerVersion"), ("ERRORS", "Error"),
    ]

    static func fields(
        _ machine: JSONObject, _ clusters: [String: String], _ environment: [String: String]
    ) -> [String: String] {
        let view = MachineView(machine: machine)
        return [
            "Name": view.name, "Active": view.isActive(environment) ? "*" : "-", "DriverName": machine.text("driver"),
            "State": view.stateWord, "URL": view.url, "Swarm": view.swarm(clusters), "DockerVersion": view.engine,
            "Error": view.error,
        ]
    }
}

/// `KEY=VALUE` of `machine ls --filter`: of one key any, of several keys all must hold, as docker-machine has it.
struct MachineFilter: ExpressibleByArgument, Hashable, Sendable {
    enum Key: String, CaseIterable, Sendable { case driver, state, name, swarm, label }

    var key: Key
    var value: String

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let key = Key(rawValue: parts[0]) else { return nil }
        (self.key, value) = (key, parts[1])
    }

    static func allows(_ filters: [MachineFilter], _ machine: JSONObject, clusters: [String: String]) -> Bool {
        Key.allCases.allSatisfy { key in
            let wanted = filters.filter { $0.key == key }
            return wanted.isEmpty || wanted.contains { $0.holds(machine, clusters) }
        }
    }

    private func holds(_ machine: JSONObject, _ clusters: [String: String]) -> Bool {
        switch key {
        case .driver: return machine.text("driver") == value
        case .state: return MachineView(machine: machine).stateWord.lowercased() == value.lowercased()
        case .name: return machine.title == value || machine.title.hasPrefix(value)
        case .swarm: return clusters[machine.text("parent")] == value || machine.text("parent") == value
        case .label:
            let parts = value.split(separator: "=", maxSplits: 1).map(String.init)
            guard let label = machine["labels"]?[parts.first ?? ""]?.stringValue else { return false }
            return parts.count == 1 || label == parts[1]
        }
    }
}
