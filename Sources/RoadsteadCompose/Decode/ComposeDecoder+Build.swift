extension ComposeDecoder {
    /// `build: ./dir`, or the long form.
    func build(_ node: YAMLNode, at origin: Origin) -> ComposeBuild {
        var build = ComposeBuild(origin: origin)
        if let text = node.string {
            build.context = contextPath(text)
            return build
        }
        build.context = node["context"]?.string.nonEmpty.map(contextPath)
        build.dockerfile = node["dockerfile"]?.string.nonEmpty
        build.inlineDockerfile = node["dockerfile_inline"]?.string.nonEmpty
        if build.dockerfile != nil, build.inlineDockerfile != nil {
            log.add("dockerfile and dockerfile_inline cannot both be said", at: origin)
        }
        build.arguments = optionalStringMap(node["args"])
        build.labels = stringMap(node["labels"])
        build.cacheFrom = strings(node["cache_from"])
        build.extraHosts = buildHosts(node["extra_hosts"])
        build.network = node["network"]?.string.nonEmpty
        build.target = node["target"]?.string.nonEmpty
        build.tags = strings(node["tags"])
        build.platforms = strings(node["platforms"])
        build.pullsBase = node["pull"]?.bool
        build.avoidsCache = node["no_cache"]?.bool
        build.shmSize = shmSize(node["shm_size"], at: origin.path.key("shm_size"))
        return build
    }

    /// A directory beside the file, or the address of a repository, which the engine fetches itself.
    private func contextPath(_ text: String) -> String {
        text.contains("://") || text.hasPrefix("git@")
            ? text : FilePath.clean(FilePath.absolute(text, from: context.directory))
    }

    private func buildHosts(_ node: YAMLNode?) -> [String] {
        guard let mapping = node?.mapping else {
            return strings(node).map { $0.replacing("=", with: ":", maxReplacements: 1) }
        }
        return mapping.entries.flatMap { entry in
            (entry.value.list?.compactMap(\.string) ?? [entry.value.text ?? ""]).map { entry.key + ":" + $0 }
        }
    }

    private func shmSize(_ node: YAMLNode?, at path: NodePath) -> Int64? {
        guard let node, let text = node.text else { return nil }
        guard let bytes = ByteSize.bytes(text) else {
            log.add("invalid size: '\(text)'", at: node.position, path: path, hint: "write it like 64M or 1.5GiB")
            return nil
        }
        return bytes
    }
}
