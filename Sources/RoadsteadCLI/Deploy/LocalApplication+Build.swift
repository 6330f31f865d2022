import RoadsteadBasics
import RoadsteadCompose

extension LocalApplication {
    /// The services that have `build`, read where the files are, so that their contexts are folders of this machine.
    ///
    /// - Parameter profiles: those that the deployment will have.
    func stackToBuild(
        _ variables: VariableInput, profiles: [String], environment: [String: String]
    ) async throws -> DesiredStack {
        let loader = ComposeInputLoader(files: [file], envFiles: variables.envFile, environment: environment)
        let input = ComposeInput(
            sources: content.sources,
            environment: ApplicationCheck.serverVariables.merging(try loader.variables()) { $1 }
                .merging(values) { $1 },
            reader: DiskFileReader(), workingDirectory: loader.folder, profiles: profiles, builds: true)
        do {
            return try await BlockingWork.run {
                var stack = try ComposeReader.desiredStack(
                    input, stackName: stackName ?? ComposeFolder.name(of: file))
                stack.services.removeAll { $0.build == nil }
                return stack
            }
        } catch let problems as ComposeProblems { throw RoadsteadError(.invalidInput, problems.description) }
    }
}
