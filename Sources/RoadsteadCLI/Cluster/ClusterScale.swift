import ArgumentParser
import RoadsteadBasics
import RoadsteadClient
import RoadsteadModel

/// `roadstead cluster scale NAME`
struct ClusterScale: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scale", abstract: "Give a cluster more or fewer managers and workers.",
        discussion: #"""
            Nodes that go are drained first. Of a cluster of hosts that exist, hosts come
            and go by their addresses:
              roadstead cluster scale prod --workers 5
              roadstead cluster scale lab --add-host debian@10.0.0.14=worker \
                --remove-host 10.0.0.12
            """#)

    @Argument(help: "Name or id.")
    var name: String

    @Option(help: "How many managers: 1, 3 or 5.")
    var managers: Int?

    @Option(help: "How many workers.")
    var workers: Int?

    @Option(
        help: ArgumentHelp(
            "A host that comes in; may be repeated.", valueName: "[user@]address[:port][=manager|worker]"))
    var addHost: [HostArgument] = []

    @Option(help: ArgumentHelp("A host that goes; may be repeated.", valueName: "address[:port]"))
    var removeHost: [HostArgument] = []

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup var wait: JobWaitOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard managers != nil || workers != nil || !addHost.isEmpty || !removeHost.isEmpty else {
            throw ValidationError("Say what shall change: --workers N, --managers M, --add-host or --remove-host.")
        }
    }

    func run() async throws {
        try await Connection.run(connection) { connection in
            let cluster = try await ResourceLookup.clusters(connection.client).get(name)
            let document = try ClusterScaling(
                managers: managers, workers: workers, addedHosts: addHost, removedHosts: removeHost
            ).document(cluster.specification)
            try await ClusterChange(
                connection: connection, cluster: cluster,
                approval: Approval(console: connection.console, isGiven: yes), wait: wait, output: output
            ).run(document)
        }
    }
}

/// How many nodes a cluster shall have from now on; pure.
struct ClusterScaling: Sendable {
    var managers: Int?
    var workers: Int?
    var addedHosts: [HostArgument] = []
    var removedHosts: [HostArgument] = []

    /// The specification with the new numbers. Throws invalidInput for numbers without hosts where the hosts are listed, for
    /// hosts where there are none, and for what the specification's own rules refuse.
    func document(_ old: JSONObject) throws(RoadsteadError) -> JSONObject {
        let before = try ClusterDocument.specification(old)
        var document = before.json
        if before.isGeneric {
            try scaleHosts(&document, before)
        } else {
            guard addedHosts.isEmpty, removedHosts.isEmpty else {
                throw RoadsteadError(
                    .invalidInput,
                    "the machines of \(before.name) are made by \(before.driver): give --workers or --managers")
            }
            document["managers"] = JSONValue(managers ?? before.managers)
            document["workers"] = JSONValue(workers ?? before.workers)
        }
        _ = try ClusterDocument.specification(document)
        return document
    }

    private func scaleHosts(_ document: inout JSONObject, _ before: ClusterSpecification) throws(RoadsteadError) {
        let removed = Set(removedHosts.map(\.key))
        if let unknown = removed.subtracting(before.hosts.map(\.key)).sorted().first {
            throw RoadsteadError(
                .invalidInput,
                "\(unknown) is no host of \(before.name): its hosts are \(before.hosts.map(\.key).joined(separator: ", "))"
            )
        }
        let kept = (document["hosts"]?.arrayValue ?? []).enumerated().filter { index, _ in
            !removed.contains(before.hosts[index].key)
        }.map(\.element)
        let hosts = (managers.map { Self.assigned(kept, managers: $0) } ?? kept) + addedHosts.map { .object($0.json) }
        let managers = managers ?? max(1, hosts.count(where: Self.isManager))
        if let workers, managers + workers != hosts.count {
            throw RoadsteadError(
                .invalidInput,
                "\(before.name) would have \(counted(hosts.count, "host")), and not \(managers + workers): hosts come by "
                    + "--add-host and go by --remove-host")
        }
        document["hosts"] = .array(hosts)
        document["managers"] = JSONValue(managers)
        document["workers"] = nil
    }

    private static func isManager(_ host: JSONValue) -> Bool {
        host["role"]?.stringValue == MachineRole.manager.rawValue
    }

    /// Managers stay managers as far as that many are wanted; workers may become some where they are too few.
    private static func assigned(_ hosts: [JSONValue], managers: Int) -> [JSONValue] {
        var left = managers
        return hosts.map { host in
            var object = host.objectValue ?? [:]
            if isManager(host), left > 0 {
                left -= 1
            } else {
                object["role"] = nil
                if isManager(host) { object["role"] = .string(MachineRole.worker.rawValue) }
            }
            return .object(object)
        }
    }
}
