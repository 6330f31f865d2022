import ArgumentParser
import RoadsteadBasics
import RoadsteadClient
import RoadsteadModel

/// `roadstead cluster create NAME`
struct ClusterCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a Swarm of new machines or of hosts that exist, and register it.",
        discussion: #"""
            Three machines at a cloud, and a Swarm of three hosts that exist:
              EXOSCALE_API_KEY=… EXOSCALE_API_SECRET=… \
                roadstead cluster create prod --nodes 3 --region ch-gva-2
              roadstead cluster create lab --ssh-key ~/.ssh/id_ed25519 --managers 3 \
                --host debian@10.0.0.11 --host debian@10.0.0.12 --host 10.0.0.13:2222
              roadstead cluster create -f cluster.yaml
            What will be made is shown, and you are asked (--yes does not ask). After a
            failure, and after a crash of anything, the same command goes on where it
            ended; --undo takes back what was made. Flags go over the file.
            """#)

    @Argument(help: "What to call it; the machines are NAME-1, NAME-2, ...; the file's name when absent.")
    var name: String?

    @Option(
        name: [.customShort("f"), .customLong("file")],
        help: ArgumentHelp(
            "The cluster's specification (see `cluster schema`); - is standard input.", valueName: "file"))
    var file: String?

    @OptionGroup var flags: ClusterFlags
    @OptionGroup var input: ClusterInput

    @Flag(help: "Take back what an attempt that failed has made.")
    var undo = false

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup var wait: JobWaitOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard name != nil || file != nil else { throw ValidationError("Give the cluster's NAME, or -f FILE.") }
    }

    func run() async throws {
        let read = file
        let content = if let read { try await ClusterFile.read(read) } else { nil as JSONObject? }
        if undo {
            guard let name = name ?? content?["name"]?.stringValue else {
                throw RoadsteadError(.invalidInput, "the cluster has no name: give NAME, or `name` in the file")
            }
            return try await Connection.run(connection) { try await takeBack(name, $0) }
        }
        let document = try ClusterDocument.make(
            name: name, file: content, flags: flags.members, environment: Console.standard.environment)
        _ = try ClusterDocument.specification(document)
        try await Connection.run(connection) { connection in
            try await input.making(document, yes: yes, wait, output, connection).run()
        }
    }

    /// When nothing of it is left, its document says nothing any more, and goes too.
    private func takeBack(_ name: String, _ connection: Connection) async throws {
        let client = connection.client
        let cluster = try await ResourceLookup.clusters(client).get(name)
        let id = try cluster.requireID()
        if cluster.clusterState != .created {
            try await showRemovals(cluster, connection)
            try await Approval(console: connection.console, isGiven: yes).get("Take it back?")
            if cluster.clusterState == .creating { try await cancel(cluster, connection) }
            let run = ClusterJobRun(connection: connection, wait: wait, isForPeople: output.isForPeople)
            // One that was ended before anything was made has nothing to take back.
            if try await client.get(id).clusterState != .created {
                guard try await run.run("undo", on: cluster) else { return }
            }
        }
        try await client.delete(id)
        guard output.isForPeople else { return }
        connection.console.write("Nothing is left of cluster \(cluster.title).")
    }

    /// A making that is under way ends first.
    private func cancel(_ cluster: JSONObject, _ connection: Connection) async throws {
        let client = connection.client
        let id = try cluster.requireID()
        guard let job = try await ClusterMaking.job(of: id, client) else { return }
        try await client.operation("cancel", on: job)
        let follower = JobFollower(
            connection: connection, isQuiet: !output.isForPeople, timeout: wait.timeout?.duration)
        _ = try await follower.follow(job, title: "create \(cluster.title)")
        // The job says that it is cancelled before its steps have let go, and the cluster only afterwards.
        for _ in 0..<Self.patience {
            guard try await client.get(id).clusterState == .creating else { return }
            try await connection.clock.sleep(for: .milliseconds(500))
        }
    }

    /// Looks, half a second apart.
    private static let patience = 120

    /// A key that was wrong from the start lets nobody look: then nothing was made, and that must not stand in the way.
    private func showRemovals(_ cluster: JSONObject, _ connection: Connection) async throws {
        do {
            let plan = try await connection.client.operation(
                "plan", on: try cluster.requireID(), ["operation": "terminate"]
            ).body
            guard output.isForPeople else { return }
            connection.console.write(ClusterPlanText.removals(plan, connection.console.style))
        } catch {
            connection.console.error("roadstead: warning: what was made cannot be looked at: \(error.message)")
        }
    }
}
