import RoadsteadBasics
import RoadsteadCompose

/// Reads an application's Compose text before it goes to the server, so that mistakes are told with file, line and column
/// at once instead of by a job.
struct ApplicationCheck: Sendable {
    /// How messages call the file.
    let label: String
    let content: ApplicationContent
    var profiles: [String] = []
    var builds = false

    /// Throws invalidInput with every problem; answers what a Swarm will ignore.
    ///
    /// Without values for its variables a text may seem wrong that is not (`ports: ["${PORT}:80"]`): then, as long as
    /// `isComplete` is false, problems are answered as warnings.
    func run(values: [String: String], isComplete: Bool) async throws -> [String] {
        var input = ComposeInput(
            sources: [ComposeSource(path: content.isMerged ? label + " and others" : label, text: content.compose)],
            environment: Self.serverVariables.merging(values) { _, given in given },
            reader: MemoryFileReader(files: content.fileBytes), workingDirectory: "/", profiles: profiles,
            builds: builds)
        input.hasFolder = false
        let complete = input
        do {
            return try await BlockingWork.run { try ComposeReader.desiredStack(complete, stackName: "app").warnings }
        } catch let problems as ComposeProblems {
            guard !isComplete, !content.variables.isEmpty else {
                throw RoadsteadError(.invalidInput, problems.description)
            }
            return problems.problems.map { "as long as variables have no values: \($0)" }
        }
    }

    /// The top-level `name` of the files; the last one's counts.
    func stackName(values: [String: String]) throws(RoadsteadError) -> String? {
        let input = ComposeInput(
            sources: content.sources, environment: Self.serverVariables.merging(values) { _, given in given },
            reader: MemoryFileReader(files: [:]), workingDirectory: "/")
        do { return try ComposeReader.stackName(input) } catch {
            throw RoadsteadError(.invalidInput, error.description)
        }
    }

    /// What the server sets for every deployment (Nuvla's names).
    static let serverVariables = Dictionary(
        uniqueKeysWithValues: [
            "NUVLA_DEPLOYMENT_UUID", "NUVLA_DEPLOYMENT_ID", "NUVLA_API_KEY", "NUVLA_API_SECRET", "NUVLA_ENDPOINT",
            "DATE_TIME", "TIMESTAMP",
        ].map { ($0, "0") })
}
