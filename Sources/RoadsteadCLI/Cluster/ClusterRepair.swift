import ArgumentParser
import RoadsteadBasics
import RoadsteadClient
import RoadsteadModel

/// `roadstead cluster repair NAME`
struct ClusterRepair: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair", abstract: "Replace nodes that are dead, and mend what has drifted.",
        discussion: "What it would do is shown first. To bring in what was written down since, use `cluster apply`.")

    @Argument(help: "Name or id.")
    var name: String

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup var wait: JobWaitOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let cluster = try await ResourceLookup.clusters(connection.client).get(name)
            let live = cluster["applied"]?.objectValue ?? cluster.specification
            let shown = try await ClusterChange.shownPlan(live, of: cluster, connection.client)
            let plan = shown.plan
            if output.isForPeople { connection.console.write(ClusterPlanText.lines(plan, connection.console.style)) }
            if !plan.hasNoChange {
                try await Approval(console: connection.console, isGiven: yes).get("Repair it?")
            }
            let run = ClusterJobRun(connection: connection, wait: wait, isForPeople: output.isForPeople)
            let isDone = try await run.run("repair", on: cluster, shown.approval)
            let repaired = try await connection.client.get(try cluster.requireID())
            guard isDone || !output.isForPeople else { return }
            connection.console.write(
                try Listing.lines(repaired, output) { ["Cluster \(cluster.title) is \(repaired.text("state"))."] })
        }
    }
}
