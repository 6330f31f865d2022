import ArgumentParser
import RoadsteadBasics

/// Values for the variables of a Compose file: `--env`, `--env-file`.
struct VariableInput: ParsableArguments {
    @Option(
        name: [.customShort("e"), .customLong("env")],
        help: ArgumentHelp(
            "NAME=VALUE, or NAME to take the value from this environment; may be repeated.", valueName: "name=value"))
    var assignments: [String] = []

    @Option(help: ArgumentHelp("File of NAME=VALUE lines; may be repeated, later ones win.", valueName: "file"))
    var envFile: [String] = []

    /// The names that `--env` gives a value.
    var assignedNames: Set<String> { Set(assignments.map { String($0.prefix { $0 != "=" }) }) }

    /// Files first, then assignments. Throws invalidInput that names the file and line.
    func values(_ environment: [String: String]) throws(RoadsteadError) -> [String: String] {
        var values: [String: String] = [:]
        for path in envFile {
            let file = try EnvironmentFile(
                try TextFile.read(path), path: path, environment: environment, earlier: values)
            values.merge(file.values) { _, new in new }
        }
        for assignment in assignments {
            let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            guard EnvironmentFile.isName(name) else {
                throw RoadsteadError(.invalidInput, "--env '\(name)' is not the name of a variable")
            }
            if parts.count == 2 { values[name] = String(parts[1]); continue }
            guard let value = environment[name] else {
                throw RoadsteadError(
                    .invalidInput, "--env \(name): it is not set in this environment; give \(name)=VALUE")
            }
            values[name] = value
        }
        return values
    }
}
