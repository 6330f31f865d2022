/// Makes typed values of a file that has passed the schema. What still can be wrong (sizes, paths, words) is reported.
struct ComposeDecoder {
    let context: FileContext
    let log: ProblemLog
    let budget: ComposeBudget

    /// All but the services, which may extend others.
    func decodeTopLevel(_ root: YAMLNode) -> ComposeFile {
        var file = ComposeFile()
        for entry in entries(root, "networks") {
            file.networks[entry.key] = network(entry, at: origin("networks", entry))
        }
        for entry in entries(root, "volumes") {
            file.volumes[entry.key] = volume(entry, at: origin("volumes", entry))
        }
        for entry in entries(root, "configs") {
            file.configs[entry.key] = fileObject(entry, "config", at: origin("configs", entry))
        }
        for entry in entries(root, "secrets") {
            file.secrets[entry.key] = fileObject(entry, "secret", at: origin("secrets", entry))
        }
        return file
    }

    func service(_ entry: YAMLMapping.Entry) -> ComposeService { service(entry, at: origin("services", entry)) }

    func entries(_ root: YAMLNode, _ section: String) -> [YAMLMapping.Entry] {
        root[section]?.mapping?.entries ?? []
    }

    private func origin(_ section: String, _ entry: YAMLMapping.Entry) -> Origin {
        Origin(path: NodePath(section, entry.key), position: entry.position)
    }

    // MARK: - Texts, lists and mappings

    /// Texts of a list, or the one text.
    func strings(_ node: YAMLNode?) -> [String] {
        guard let node else { return [] }
        return node.list.map { $0.compactMap(\.string) } ?? node.string.map { [$0] } ?? []
    }

    /// `{a: b}` or `[a=b]`; what has no value gets the empty text.
    func stringMap(_ node: YAMLNode?) -> [String: String] {
        optionalStringMap(node).mapValues { $0 ?? "" }
    }

    /// `{a: b}` or `[a=b]`; what has no value gets nil.
    func optionalStringMap(_ node: YAMLNode?) -> [String: String?] {
        var result: [String: String?] = [:]
        for entry in node?.mapping?.entries ?? [] {
            result.updateValue(entry.value.isNull ? nil : entry.value.text, forKey: entry.key)
        }
        for text in node?.list?.compactMap(\.string) ?? [] {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            result.updateValue(parts.count == 2 ? String(parts[1]) : nil, forKey: String(parts[0]))
        }
        return result
    }

    /// nil when the mapping was not written.
    func options(_ node: YAMLNode?) -> [String: String]? {
        node?.mapping.map { mapping in
            Dictionary(mapping.entries.map { ($0.key, $0.value.text ?? "") }, uniquingKeysWith: { _, last in last })
        }
    }

    func duration(_ node: YAMLNode?) -> Int64? { node?.string.flatMap(GoDuration.nanoseconds) }

    /// The words of a command: a list as it is, a text split as a shell would.
    func words(_ node: YAMLNode?, at path: NodePath) -> [String]? {
        guard let node, !node.isNull else { return nil }
        guard let text = node.string else { return strings(node) }
        do throws(ShellWords.Failure) {
            return try ShellWords.split(text)
        } catch {
            log.add("cannot be split into words: \(error.message)", at: node.position, path: path)
            return nil
        }
    }

    /// A count that cannot be negative.
    func unsigned(_ node: YAMLNode?, at path: NodePath) -> UInt64? {
        guard let node, let number = node.integer else { return nil }
        guard let value = UInt64(exactly: number) else {
            log.add("\(number) overflows uint: it must not be negative", at: node.position, path: path)
            return nil
        }
        return value
    }

    /// `external: true` or `external: {name: x}`.
    func external(_ node: YAMLNode?) -> (isExternal: Bool, name: String?) {
        guard let node else { return (false, nil) }
        if node.mapping != nil { return (true, node["name"]?.string) }
        return (node.bool ?? false, nil)
    }

    /// The name on the Swarm of a thing that may be external; reports when it has two.
    func name(_ node: YAMLNode, key: String, kind: String, at origin: Origin) -> (name: String?, isExternal: Bool) {
        let external = external(node["external"])
        let name = node["name"]?.string.nonEmpty
        guard external.isExternal else { return (name, false) }
        if let externalName = external.name.nonEmpty {
            if name != nil {
                log.add(
                    "\(kind).external.name and \(kind).name conflict; only use \(kind).name", at: origin)
            } else {
                log.warn("\(origin.path): external.name is deprecated in favor of name")
            }
            return (externalName, true)
        }
        return (name ?? key, true)
    }
}

extension Optional where Wrapped == String {
    /// nil for the empty text too: for most attributes that says nothing.
    var nonEmpty: String? { flatMap { $0.isEmpty ? nil : $0 } }
}
