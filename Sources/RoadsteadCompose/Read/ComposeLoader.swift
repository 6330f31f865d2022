/// Loads the Compose files of a stack and those that they include.
///
/// A class: all of one synchronous reading shares its caches and counts; it never leaves that reading.
final class ComposeLoader {
    let input: ComposeInput
    let log: ProblemLog
    let budget: ComposeBudget
    /// Files that services extend, by path and directory of who asked.
    private var bases: [String: ComposeDocument] = [:]
    private var fileCount = 0
    private var documentCount = 0

    /// More files than anybody splits a stack into.
    private static let fileLimit = 200

    init(input: ComposeInput, log: ProblemLog, budget: ComposeBudget) {
        self.input = input
        self.log = log
        self.budget = budget
    }

    /// The files of the stack.
    func project() -> ComposeProject {
        let context = FileContext(
            directory: input.workingDirectory, environment: input.environment, reader: input.reader,
            hasFolder: input.hasFolder)
        let files = input.sources.map { source in
            (FilePath.clean(FilePath.absolute(FilePath.name(of: source.path), from: context.directory)), source)
        }
        return project(files, context, chain: [], origin: nil)
    }

    private func project(
        _ files: [(path: String, source: ComposeSource)], _ context: FileContext, chain: [String], origin: Origin?
    ) -> ComposeProject {
        var project = ComposeProject(documents: [], origin: origin)
        for (path, source) in files {
            guard var document = document(source, path: path, context) else { continue }
            document.includes = includes(of: document, chain: chain + [path])
            project.documents.append(document)
        }
        project.applyResets()
        return project
    }

    /// Parses, interpolates and checks one file by itself.
    private func document(_ source: ComposeSource, path: String, _ context: FileContext) -> ComposeDocument? {
        log.note(file: source.path)
        do throws(ComposeProblem) {
            let node = try YAMLReader.read(source.text, file: source.path)
            guard node.mapping != nil else {
                log.add("top-level object must be a mapping", at: node.position, path: NodePath())
                return nil
            }
            let interpolator = Interpolator(variables: context.environment, log: log, budget: budget)
            let interpolated = interpolator.interpolate(node)
            var checker = SchemaChecker(log: log)
            checker.check(interpolated)
            var tags = MergeTags(log: log)
            let root = tags.strip(interpolated) ?? YAMLNode(.mapping(YAMLMapping(entries: [])), at: node.position)
            documentCount += 1
            return ComposeDocument(
                number: documentCount, path: path, root: root, resets: tags.resets,
                findings: Dictionary(grouping: checker.findings) { $0.origin.path.service }, context: context)
        } catch {
            log.add(error)
            return nil
        }
    }

    // MARK: - Other files

    /// A file with a service to extend; nil, with a problem, when it cannot be had.
    func base(_ name: String, at origin: Origin, for context: FileContext) -> ComposeDocument? {
        let path = FilePath.clean(FilePath.absolute(name, from: context.directory))
        let key = path + "\0" + context.directory
        if let known = bases[key] { return known }
        var own = context
        own.directory = FilePath.directory(of: path)
        guard let source = source(path, at: origin, context), let document = document(source, path: path, own) else {
            return nil
        }
        bases[key] = document
        return document
    }

    private func source(_ path: String, at origin: Origin, _ context: FileContext) -> ComposeSource? {
        fileCount += 1
        guard fileCount <= Self.fileLimit else {
            log.add("names more than \(Self.fileLimit) files in all", at: origin)
            return nil
        }
        do {
            let bytes = try context.reader.read(path)
            try budget.spend(bytes.count)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                log.add("\(path) is not UTF-8", at: origin)
                return nil
            }
            return ComposeSource(path: label(path), text: text)
        } catch {
            log.add("\(error)", at: origin)
            return nil
        }
    }

    /// As people would name the file who named the first one.
    private func label(_ path: String) -> String {
        let base = input.workingDirectory == "/" ? "/" : input.workingDirectory + "/"
        guard path.hasPrefix(base), let first = input.sources.first?.path else { return path }
        let directory = FilePath.directory(of: first)
        return FilePath.clean((directory.isEmpty ? "" : directory + "/") + path.dropFirst(base.count))
    }

    // MARK: - Include

    private func includes(of document: ComposeDocument, chain: [String]) -> [ComposeProject] {
        let path = NodePath("include")
        return (document.root["include"]?.list ?? []).enumerated().compactMap { index, item in
            include(item, at: path.index(index), document.context, chain)
        }
    }

    private func include(
        _ item: YAMLNode, at path: NodePath, _ context: FileContext, _ chain: [String]
    ) -> ComposeProject? {
        let origin = Origin(path: path, position: item.position)
        let names = item.string.map { [$0] } ?? Self.texts(item["path"])
        guard let first = names.first else {
            log.add("names no file", at: origin, hint: "say path: FILE")
            return nil
        }
        if let remote = names.first(where: Self.isRemote) {
            log.add("'\(remote)' is not a file; only files can be included", at: origin, hint: "fetch it beforehand")
            return nil
        }
        let paths = names.map { FilePath.clean(FilePath.absolute($0, from: context.directory)) }
        if let start = chain.firstIndex(of: paths[0]) {
            let ring = (chain[start...] + [paths[0]]).map(label).joined(separator: " -> ")
            log.add("files include each other in a ring: \(ring)", at: origin)
            return nil
        }
        var own = context
        own.directory =
            item["project_directory"]?.string.nonEmpty
            .map { FilePath.clean(FilePath.absolute($0, from: context.directory)) }
            ?? FilePath.directory(of: FilePath.clean(FilePath.absolute(first, from: context.directory)))
        guard let environment = environment(item["env_file"], at: origin, context, own.directory) else { return nil }
        own.environment = environment
        let sources = paths.compactMap { source($0, at: origin, context) }
        guard sources.count == paths.count else { return nil }
        return project(zip(paths, sources).map { ($0, $1) }, own, chain: chain, origin: origin)
    }

    /// The caller's variables, under them those of the project's env files: those named, or `.env` in its directory.
    private func environment(
        _ node: YAMLNode?, at origin: Origin, _ context: FileContext, _ directory: String
    ) -> [String: String]? {
        let named = Self.texts(node)
        let paths =
            named.isEmpty
            ? [directory + "/.env"] : named.map { FilePath.clean(FilePath.absolute($0, from: context.directory)) }
        var values: [String: String] = [:]
        for path in paths where path != "/dev/null" {
            do {
                let bytes = try context.reader.read(path)
                try budget.spend(bytes.count)
                let file = try DotEnv(
                    String(decoding: bytes, as: UTF8.self), environment: context.environment, earlier: values)
                values.merge(file.values) { $1 }
            } catch let error as ComposeFileError where named.isEmpty && error.isMissing {
                continue
            } catch {
                log.add("invalid env file (\(path)): \(error)", at: origin)
                return nil
            }
        }
        return values.merging(context.environment) { $1 }
    }

    private static func texts(_ node: YAMLNode?) -> [String] {
        node?.list.map { $0.compactMap(\.string) } ?? node?.string.map { [$0] } ?? []
    }

    private static func isRemote(_ name: String) -> Bool { name.contains("://") || name.hasPrefix("git@") }
}
