/// Which files the `secrets:` of a Compose text are made of, told without values for its variables.
///
/// Rather one too many than one too few: only the last part of a path counts, and a name with a variable in it
/// (`./${STAGE}.token`) stands for every name that begins and ends like it.
public struct SecretFileNames: Sendable {
    private var patterns: [Pattern] = []

    /// - Parameter files: those that come with the text by name; the Compose texts among them that it includes are read too.
    ///
    /// nil when one of the texts cannot be read: then nobody knows.
    public init?(_ text: String, files: [String: String]) {
        var (texts, seen) = ([text], Set<String>())
        while let text = texts.popLast() {
            guard let root = try? YAMLReader.read(text, file: "compose") else { return nil }
            let objects = root["secrets"]?.mapping?.entries.map(\.value) ?? []
            patterns += objects.compactMap { $0["file"]?.text }.map { Pattern($0) }
            let names = Self.includes(of: root).map(FilePath.name(of:)).filter { seen.insert($0).inserted }
            texts += names.compactMap { files[$0] }
        }
    }

    public func contains(_ name: String) -> Bool { patterns.contains { $0.matches(name) } }

    /// `include: [a.yml, {path: b.yml}, {path: [c.yml, d.yml]}]`
    private static func includes(of root: YAMLNode) -> [String] {
        (root["include"]?.list ?? []).flatMap { element in
            let path = element["path"] ?? element
            return (path.list ?? [path]).compactMap(\.string)
        }
    }

    private struct Pattern: Sendable {
        let head: String
        /// nil for a name without variables, which is all in `head`.
        let tail: String?

        init(_ path: String) {
            guard let dollar = path.firstIndex(of: "$") else {
                (head, tail) = (FilePath.name(of: path), nil)
                return
            }
            let rest = path[dollar...].lastIndex(of: "}").map { path[path.index(after: $0)...] } ?? ""
            // A slash behind the variable: the name begins after it.
            head = rest.contains("/") ? "" : FilePath.name(of: String(path[..<dollar]))
            tail = FilePath.name(of: String(rest))
        }

        func matches(_ name: String) -> Bool {
            guard let tail else { return name == head }
            return name.hasPrefix(head) && name.hasSuffix(tail) && name.count >= head.count + tail.count
        }
    }
}
