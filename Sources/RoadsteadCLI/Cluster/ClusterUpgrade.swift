import ArgumentParser
import RoadsteadBasics
import RoadsteadClient
import RoadsteadModel

/// `roadstead cluster upgrade NAME`
struct ClusterUpgrade: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upgrade", abstract: "Change the engines of a cluster, node by node.",
        discussion: """
            Each node is drained, gets its new engine, and takes tasks again; the next one
            waits until every service that was whole is whole again. Managers come first,
            their leader last. Certificates that end within 30 days are renewed on the
            way. What fails stops the upgrade; the same command goes on with it. Without
            --engine: the newest that engine.version and the packages allow.
            """)

    @Argument(help: "Name or id.")
    var name: String

    @Option(help: ArgumentHelp("The version, as 26.1 or 26.1.5.", valueName: "version"))
    var engine: String?

    @Option(help: ArgumentHelp("Whose packages: docker or distribution.", valueName: "packages"))
    var packages: String?

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup var wait: JobWaitOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let cluster = try await ResourceLookup.clusters(connection.client).get(name)
            let document = Self.document(cluster.specification, engine: engine, packages: packages)
            _ = try ClusterDocument.specification(document)
            let change = ClusterChange(
                connection: connection, cluster: cluster,
                approval: Approval(console: connection.console, isGiven: yes), wait: wait, output: output)
            try await change.upgrade(document)
        }
    }

    /// Other packages have other versions: one that was pinned before does not count for them.
    static func document(_ specification: JSONObject, engine: String?, packages: String?) -> JSONObject {
        var wanted = specification["engine"]?.objectValue ?? [:]
        if let packages, packages != (wanted["packages"]?.stringValue ?? "distribution") {
            wanted["packages"] = .string(packages)
            wanted["version"] = nil
        }
        if let engine { wanted["version"] = .string(engine) }
        return specification.merging(["engine": .object(wanted)])
    }
}

extension ClusterChange {
    /// Brings the engine of `document` live, and nothing else of it.
    func upgrade(_ document: JSONObject) async throws {
        let plan = try await Self.plan(document, of: cluster, connection.client, operation: "upgrade")
        if output.isForPeople { connection.console.write(ClusterPlanText.lines(plan, connection.console.style)) }
        if !plan.hasNoChange { try await approval.get("Upgrade it?") }
        try await put(document)
        let run = ClusterJobRun(connection: connection, wait: wait, isForPeople: output.isForPeople)
        guard try await run.run("upgrade", on: cluster) else { return try report(cluster, nil) }
        try report(
            try await connection.client.get(try cluster.requireID()),
            "The engines of \(cluster.title) are as they should be.")
    }
}
