import ArgumentParser
import RoadsteadBasics
import RoadsteadClient
import RoadsteadModel

/// `roadstead machine rm NAME…`
struct MachineRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Take machines out of their cluster, and remove them.",
        discussion: """
            A machine is drained, leaves the Swarm, and is removed at its cloud; a host that
            exists stays. The cluster's specification asks for one node less from then on,
            so that `apply` does not make it again; a worker follows a manager that goes.
            What would leave the managers without a majority is refused.
            """)

    @OptionGroup var change: MachineChanges

    func run() async throws {
        try await change.run("remove", "Remove", done: "is removed") { machine, connection in
            guard let parent = ResourceID(machine.text("parent")) else { return [] }
            let cluster = try await connection.client.get(parent)
            let specification = cluster.specification
            func count(_ name: String) -> Int { specification[name]?.integerValue.map(Int.init) ?? 0 }
            return [
                "Cluster \(cluster.title) now asks for \(counted(count("managers"), "manager")) and "
                    + "\(counted(count("workers"), "worker"))."
            ]
        }
    }
}

/// `roadstead machine upgrade NAME…`
struct MachineUpgrade: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upgrade", abstract: "Bring the cluster's engine to single machines.",
        discussion: "As `cluster upgrade` does, for one machine after the other; its tasks move away meanwhile.")

    @OptionGroup var change: MachineChanges

    func run() async throws { try await change.run("upgrade", "Upgrade", done: "has its engine") }
}

/// `roadstead machine regenerate-certs NAME…`
struct MachineRegenerateCertificates: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "regenerate-certs", abstract: "Give the engines of machines new certificates.",
        discussion: """
            An engine reads its certificates when it starts, and in a Swarm its containers
            stop with it: so its tasks move away first, and it takes tasks again afterwards.
            The authority stays, so clients go on as they are.
            """)

    @OptionGroup var change: MachineChanges

    func run() async throws {
        try await change.run("regenerate-certs", "Stop, and start, the engine of", done: "has a new certificate")
    }
}

/// What the commands that change single machines have in common: one after the other, each by a job.
struct MachineChanges: ParsableArguments, Sendable {
    @Argument(help: "Names or ids.")
    var names: [String]

    // docker-machine's `rm -y`, and its `rm -f` and `regenerate-certs -f`, all of which mean this here.
    @Flag(name: [.short, .long, .customShort("f"), .customLong("force")], help: "Do not ask.")
    var yes = false

    @OptionGroup var wait: JobWaitOptions
    @OptionGroup var connection: ConnectionOptions

    /// `question` stands before the machine's name, `done` behind it; `more` is told after it is done.
    func run(
        _ action: String, _ question: String, done: String,
        more: (JSONObject, Connection) async throws -> [String] = { _, _ in [] }
    ) async throws {
        try await Connection.run(connection) { connection in
            for name in names {
                let machine = try await ResourceLookup.machines(connection.client).get(name)
                try await Approval(console: connection.console, isGiven: yes)
                    .get("\(question) machine \(machine.title)?")
                let run = ClusterJobRun(connection: connection, wait: wait)
                guard try await run.run(action, on: machine) else { continue }
                connection.console.write(["Machine \(machine.title) \(done)."] + (try await more(machine, connection)))
            }
        }
    }
}
