/// Reads Compose files into what a stack should be on a Swarm, the way `docker stack deploy` understands them.
public enum ComposeReader {
    /// What the files describe, for a stack of this name.
    ///
    /// Reads the files that they name (blocking), asks no engine. Throws everything that was found wrong: what is not
    /// understood is refused, never dropped. What a Swarm ignores is in the result's `warnings`.
    public static func desiredStack(
        _ input: ComposeInput, stackName: String
    ) throws(ComposeProblems) -> DesiredStack {
        let files = input.sources.map(\.path)
        let log = ProblemLog()
        if let problem = StackName.problem(stackName) {
            throw ComposeProblems(problems: [
                ComposeProblem(file: files.first ?? "", line: 0, column: 0, path: "", message: problem)
            ])
        }
        let budget = ComposeBudget()
        let roots = load(input, log, budget)
        try log.throwIfAny(files: files)
        let decoder = ComposeDecoder(input: input, log: log, budget: budget)
        let merged = ComposeMerge.merge(roots.map(decoder.decode))
        try log.throwIfAny(files: files)
        let converter = StackConverter(
            file: merged, input: input, stackName: stackName, log: log, budget: budget)
        var stack = converter.convert()
        SwarmRules(stack: stack, file: merged, log: log).check()
        try log.throwIfAny(files: files)
        stack.warnings = log.warnings
        return stack
    }

    /// Parses, interpolates and checks each file by itself.
    private static func load(_ input: ComposeInput, _ log: ProblemLog, _ budget: ComposeBudget) -> [YAMLNode] {
        var checker = SchemaChecker(log: log)
        var roots: [YAMLNode] = []
        let interpolator = Interpolator(variables: input.environment, log: log, budget: budget)
        for source in input.sources {
            do throws(ComposeProblem) {
                let node = try YAMLReader.read(source.text, file: source.path)
                guard node.mapping != nil else {
                    log.add("top-level object must be a mapping", at: node.position, path: NodePath())
                    continue
                }
                let root = interpolator.interpolate(node)
                checker.check(root, against: ComposeSchema.file)
                roots.append(root)
            } catch {
                log.add(error)
            }
        }
        if input.sources.isEmpty {
            log.add(ComposeProblem(file: "", line: 0, column: 0, path: "", message: "no Compose file was given"))
        }
        checkVersions(roots, log)
        if !checker.unsupported.isEmpty {
            log.warn("Ignoring unsupported options: " + checker.unsupported.sorted().joined(separator: ", "))
        }
        return roots
    }

    /// The files must agree on a version that is known.
    private static func checkVersions(_ roots: [YAMLNode], _ log: ProblemLog) {
        var first: String?
        for root in roots {
            let node = root["version"]
            let text = node?.string ?? ""
            let version = ["", "3"].contains(text) ? ComposeSchema.newestVersion : text
            let position = node?.position ?? root.position
            if !ComposeSchema.isKnown(version: version) {
                log.add(
                    "unsupported Compose file version: \(version)", at: position, path: NodePath("version"),
                    hint: "leave it out, or write one from \"3\" to \"\(ComposeSchema.newestVersion)\"")
            } else if let first, first != version {
                log.add(
                    "version mismatched between two composefiles : \(first) and \(version)", at: position,
                    path: NodePath("version"), hint: "leave the versions out")
            }
            first = first ?? version
        }
    }
}
