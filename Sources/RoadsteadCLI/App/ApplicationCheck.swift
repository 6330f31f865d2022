import RoadsteadBasics
import RoadsteadCompose

/// Reads an application's Compose text before it goes to the server, so that mistakes are told with file, line and column
/// at once instead of by a job.
struct ApplicationCheck: Sendable {
    /// How messages call the file.
    let label: String
    let content: ApplicationContent

    /// Throws invalidInput with every problem; answers what a Swarm will ignore.
    ///
    /// Without values for its variables a text may seem wrong that is not (`ports: ["${PORT}:80"]`): then, as long as
    /// `isComplete` is false, problems are answered as warnings.
    func run(values: [String: String], isComplete: Bool) async throws -> [String] {
        let input = ComposeInput(
            sources: [ComposeSource(path: label, text: content.compose)],
            environment: Self.serverVariables.merging(values) { _, given in given },
            reader: MemoryFileReader(files: content.fileBytes), workingDirectory: "/")
        do {
            return try await BlockingWork.run { try ComposeReader.desiredStack(input, stackName: "app").warnings }
        } catch let problems as ComposeProblems {
            guard !isComplete, !content.variables.isEmpty else {
                throw RoadsteadError(.invalidInput, problems.description)
            }
            return problems.problems.map { "as long as variables have no values: \($0)" }
        }
    }

    /// What the server sets for every deployment (Nuvla's names).
    private static let serverVariables = Dictionary(
        uniqueKeysWithValues: [
            "NUVLA_DEPLOYMENT_UUID", "NUVLA_DEPLOYMENT_ID", "NUVLA_API_KEY", "NUVLA_API_SECRET", "NUVLA_ENDPOINT",
            "DATE_TIME", "TIMESTAMP",
        ].map { ($0, "0") })
}
