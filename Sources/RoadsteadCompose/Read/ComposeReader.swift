/// Reads Compose files into what a stack should be on a Swarm: files of today's Compose specification, those that
/// `docker stack deploy` accepts with the same outcome.
public enum ComposeReader {
    /// What the files describe, for a stack of this name.
    ///
    /// Reads the files that they name (blocking), asks no engine. Throws everything that was found wrong: what is not
    /// understood is refused, never dropped. What a Swarm ignores is in the result's `warnings`.
    public static func desiredStack(
        _ input: ComposeInput, stackName: String
    ) throws(ComposeProblems) -> DesiredStack {
        if let problem = StackName.problem(stackName) { throw whole(input, problem) }
        if input.sources.isEmpty { throw whole(input, "no Compose file was given") }
        var input = input
        input.environment["COMPOSE_PROJECT_NAME"] = input.environment["COMPOSE_PROJECT_NAME"] ?? stackName
        let (log, budget) = (ProblemLog(), ComposeBudget())
        let file = try merged(input, log, budget)
        let converter = StackConverter(file: file, input: input, stackName: stackName, log: log, budget: budget)
        var stack = converter.convert()
        SwarmRules(stack: stack, file: file, log: log).check()
        try log.throwIfAny()
        stack.warnings = log.warnings
        return stack
    }

    /// The name that the files give their stack by a top-level `name`; the last file's counts. nil when none does.
    public static func stackName(_ input: ComposeInput) throws(ComposeProblems) -> String? {
        let (log, budget) = (ProblemLog(), ComposeBudget())
        var name: String?
        for source in input.sources {
            log.note(file: source.path)
            do throws(ComposeProblem) {
                let root = try YAMLReader.read(source.text, file: source.path)
                let entries = root.mapping?.entries.filter { $0.key == "name" } ?? []
                let only = YAMLNode(.mapping(YAMLMapping(entries: entries)), at: root.position)
                let node = Interpolator(variables: input.environment, log: log, budget: budget).interpolate(only)[
                    "name"]
                guard let node, let text = node.text, !node.isBroken else { continue }
                if let problem = StackName.problem(text) { log.add(problem, at: node.position, path: NodePath("name")) }
                name = text
            } catch {
                log.add(error)
            }
        }
        try log.throwIfAny()
        return name
    }

    private static func whole(_ input: ComposeInput, _ message: String) -> ComposeProblems {
        let file = input.sources.first?.path ?? ""
        return ComposeProblems(problems: [
            ComposeProblem(file: file, line: 0, column: 0, path: "", message: message)
        ])
    }

    /// All files as one, with the services that are wanted.
    private static func merged(
        _ input: ComposeInput, _ log: ProblemLog, _ budget: ComposeBudget
    ) throws(ComposeProblems) -> ComposeFile {
        let loader = ComposeLoader(input: input, log: log, budget: budget)
        let project = loader.project()
        try log.throwIfAny()
        let assembler = ComposeAssembler(loader: loader, log: log, budget: budget)
        let whole = assembler.file(of: project)
        try log.throwIfAny()
        let selection = ProfileSelection(input: input)
        let file = selection.apply(to: whole, log)
        UnsupportedReport(findings: assembler.findings, log: log)
            .write(services: Set(file.services.keys), builds: input.builds)
        DependencyRules(
            services: file.services, inactive: Set(whole.services.keys).subtracting(file.services.keys), log: log
        ).check()
        warnOfVersions(project, log)
        return file
    }

    /// The specification calls `version` obsolete; it only matters to those who expect an old format.
    private static func warnOfVersions(_ project: ComposeProject, _ log: ProblemLog) {
        for document in project.documents {
            guard let node = document.root["version"], let text = node.string, !text.isEmpty else { continue }
            if text != "3", !text.hasPrefix("3.") {
                log.warn("version \(text) says nothing any more: the file is read as the Compose specification has it")
            }
        }
    }
}
