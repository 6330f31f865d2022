import RoadsteadBasics

/// Makes one typed file of all that was loaded: services with what they extend, included projects, files merged.
///
/// A class, since it keeps note of what was met on the way; it never leaves one synchronous reading.
final class ComposeAssembler {
    let loader: ComposeLoader
    let log: ProblemLog
    let budget: ComposeBudget
    /// What a Swarm cannot do, at the places that count in the end.
    private(set) var findings: [UnsupportedFinding] = []

    /// Services that extend each other in a row; nobody means more than this.
    private static let extendsLimit = 32
    private static let bytesPerNode = 256
    /// Services by document and name.
    private var entries: [Int: [String: YAMLMapping.Entry]] = [:]

    init(loader: ComposeLoader, log: ProblemLog, budget: ComposeBudget) {
        self.loader = loader
        self.log = log
        self.budget = budget
    }

    func file(of project: ComposeProject) -> ComposeFile {
        ComposeMerge.merge(
            project.documents.map { document in
                var own = file(of: document)
                for included in document.includes { add(file(of: included), from: included, to: &own) }
                return own
            })
    }

    private func decoder(_ context: FileContext) -> ComposeDecoder {
        ComposeDecoder(context: context, log: log, budget: budget)
    }

    private func file(of document: ComposeDocument) -> ComposeFile {
        let decoder = decoder(document.context)
        var file = decoder.decodeTopLevel(document.root)
        let general = document.findings[nil] ?? []
        findings += general.filter { !document.pruned.covers($0.origin.path.components[...]) }
        for entry in decoder.entries(document.root, "services") {
            let resets = document.pruned.within("services", entry.key)
            file.services[entry.key] = service(
                entry, in: document, Extension(owner: entry.key, resets: resets, chain: []))
        }
        return file
    }

    // MARK: - Extends

    /// How a service came to be read.
    private struct Extension {
        /// The service of the stack that it becomes part of.
        var owner: String
        /// What those who extend it take away.
        var resets: ResetTree
        /// Those who extend it, outermost first.
        var chain: [Link]

        struct Link: Hashable {
            var path: String
            var service: String
        }
    }

    private func service(
        _ entry: YAMLMapping.Entry, in document: ComposeDocument, _ way: Extension
    ) -> ComposeService {
        var entry = entry
        entry.value =
            way.resets.prune(entry.value) ?? YAMLNode(.mapping(YAMLMapping(entries: [])), at: entry.value.position)
        for var finding in document.findings[entry.key] ?? []
        where !way.resets.covers(finding.origin.path.components.dropFirst(2)) {
            finding.service = way.owner
            findings.append(finding)
        }
        let service = decoder(document.context).service(entry)
        guard let extends = entry.value["extends"], !extends.isNull else { return service }
        let origin = Origin(path: service.origin.path.key("extends"), position: extends.position)
        var deeper = way
        // A service that replaces that of an earlier file still extends what it says.
        deeper.resets.formUnion(document.resets.within("services", entry.key).inner)
        deeper.chain.append(Extension.Link(path: document.path, service: entry.key))
        guard let base = base(extends, at: origin, in: document, deeper) else { return service }
        return service.extending(base)
    }

    private func base(
        _ extends: YAMLNode, at origin: Origin, in document: ComposeDocument, _ way: Extension
    ) -> ComposeService? {
        guard let name = extends.string ?? extends["service"]?.string else { return nil }
        var source = document
        if let file = extends["file"]?.string.nonEmpty {
            guard let other = loader.base(file, at: origin, for: document.context) else { return nil }
            source = other
        }
        let link = Extension.Link(path: source.path, service: name)
        guard !way.chain.contains(link), way.chain.count < Self.extendsLimit else {
            let ring = (way.chain.map(\.service) + [name]).joined(separator: " -> ")
            log.add("services extend each other in a ring: \(ring)", at: origin)
            return nil
        }
        guard let entry = entry(name, of: source) else {
            let known = log.isFull ? [] : decoder(source.context).entries(source.root, "services").map(\.key)
            log.add(
                "cannot extend service \"\(name)\": \(FilePath.name(of: source.path)) has no such service", at: origin,
                hint: NearestKey.find(name, among: known).map { "did you mean \($0)?" })
            return nil
        }
        // A large service that thousands extend would be read thousands of times.
        do { try budget.spend(entry.value.count * Self.bytesPerNode) } catch {
            log.add("\(error)", at: origin)
            return nil
        }
        return service(entry, in: source, way)
    }

    private func entry(_ name: String, of document: ComposeDocument) -> YAMLMapping.Entry? {
        if entries[document.number] == nil {
            let all = decoder(document.context).entries(document.root, "services").map { ($0.key, $0) }
            entries[document.number] = Dictionary(all) { first, _ in first }
        }
        return entries[document.number]?[name]
    }

    // MARK: - Include

    /// Nothing of what is included may be there already, unless it is the very same.
    private func add(_ included: ComposeFile, from project: ComposeProject, to own: inout ComposeFile) {
        add(included.services, to: &own.services, "service", project) { $0.origin }
        add(included.networks, to: &own.networks, "network", project) { $0.origin }
        add(included.volumes, to: &own.volumes, "volume", project) { $0.origin }
        add(included.configs, to: &own.configs, "config", project) { $0.origin }
        add(included.secrets, to: &own.secrets, "secret", project) { $0.origin }
    }

    private func add<Thing: Equatable>(
        _ included: [String: Thing], to own: inout [String: Thing], _ kind: String, _ project: ComposeProject,
        _ origin: (Thing) -> Origin
    ) {
        for (key, thing) in included.sorted(by: { $0.key < $1.key }) {
            guard let known = own.updateValue(thing, forKey: key), known != thing else { continue }
            own[key] = known
            let place = origin(thing).position
            log.add(
                "the \(kind) conflicts with the one that is included from \(place.file):\(place.line)",
                at: origin(known), hint: "rename one of them, or override it in a second file")
        }
    }
}
