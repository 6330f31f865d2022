import Foundation
import RoadsteadBasics
import RoadsteadCompose

/// A Compose file on this machine with the files that it names and the values that its variables have here.
struct LocalApplication: Sendable {
    /// As it was named; `-` is standard input.
    let file: String
    let content: ApplicationContent
    let values: [String: String]
    /// What a Swarm will ignore.
    let warnings: [String]
    /// Those that are wanted.
    var profiles: [String] = []
    /// The top-level `name`.
    var stackName: String?

    /// Throws invalidInput with every mistake, before any server is asked.
    static func read(
        _ file: String, overrides: [String] = [], extraFiles: [String], variables: VariableInput,
        profiles: [String] = [], builds: Bool = false, environment: [String: String]
    ) async throws -> LocalApplication {
        let content = try await ApplicationContent.load(file, overrides: overrides, extraFiles: extraFiles)
        let names = content.variables.map(\.name)
        let given = try variables.values(environment)
        let assigned = variables.assignedNames
        // A misspelt name on the command line is a mistake; a file may serve several purposes, as with docker compose.
        try DeploymentRequest.refuseUnknown(given.filter { assigned.contains($0.key) }, known: names, of: file)
        let used = given.filter { assigned.contains($0.key) || names.contains($0.key) }
        let values = try merged(used, names, variables, file: file, environment: environment)
        let check = ApplicationCheck(label: file, content: content, profiles: profiles, builds: builds)
        let warnings = try await check.run(values: values, isComplete: true)
        return LocalApplication(
            file: file, content: content, values: values, warnings: warnings, profiles: profiles,
            stackName: try check.stackName(values: values))
    }

    /// As with docker compose: `--env` wins, then this environment, then the files of `--env-file` or, when none is
    /// named, `.env` beside the Compose file. Of the environment and of `.env` only what the Compose file uses.
    private static func merged(
        _ given: [String: String], _ names: [String], _ variables: VariableInput, file: String,
        environment: [String: String]
    ) throws(RoadsteadError) -> [String: String] {
        let own = names.filter { !$0.hasPrefix("NUVLA_") }
        var values = given
        let assigned = variables.assignedNames
        for name in own where !assigned.contains(name) { values[name] = environment[name] ?? values[name] }
        guard variables.envFile.isEmpty, file != "-" else { return values }
        let folder = (file as NSString).deletingLastPathComponent
        let standard = folder.isEmpty ? ".env" : folder + "/.env"
        guard FileManager.default.fileExists(atPath: standard) else { return values }
        let found = try EnvironmentFile(try TextFile.read(standard), path: standard, environment: environment).values
        for name in own { values[name] = values[name] ?? found[name] }
        return values
    }
}
