import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// `roadstead job show ID`
struct JobShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a job: its steps, and why it failed if it did.")

    @Argument(help: "Id.")
    var job: String

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Connection.run(connection) { connection in
            let document = try await ResourceLookup.jobs(connection.client).get(job)
            let style = connection.console.style
            connection.console.write(try Listing.lines(document, output) { Self.lines(document, style) })
        }
    }

    static func lines(_ job: JSONObject, _ style: Style) -> [String] {
        var sheet = FactSheet()
        for (label, key) in [
            ("Action", "action"), ("Target", "target-resource"), ("State", "state"), ("Created", "created"),
            ("Started", "started"), ("Message", "status-message"), ("Id", "id"),
        ] { sheet.add(label, job.text(key)) }
        if job["duration"] != nil { sheet.add("Took", job.text("duration") + " s") }
        let progress = JobProgress(job)
        let steps = progress.steps.map { [$0.name, $0.mark.word, $0.message] }
        let services = progress.services.map { [$0.service, $0.count, $0.message] }
        let failures = JobState(job) == .failed ? VerdictReport(job["verdict"])?.lines(style) ?? [] : []
        return sheet.lines() + (steps.isEmpty ? [] : [""] + Table(["STEP", "STATE", "MESSAGE"], steps).lines())
            + (services.isEmpty ? [] : [""] + Table(["SERVICE", "TASKS", "MESSAGE"], services).lines())
            + (failures.isEmpty ? [] : [""] + failures)
    }
}
