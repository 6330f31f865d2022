/// Variables of a container, and labels, from files and from the service itself.
extension ComposeDecoder {
    /// One entry of `env_file`.
    private struct EnvFileName {
        var text: String
        var origin: Origin
        var isRequired = true
        /// In the short form a file is read as `docker stack deploy` reads it, in the long form as Compose reads it.
        var isLong = false
        var isRaw = true
    }

    /// Of `env_file`s in order. In the short form, what is empty takes the caller's value, where it has one.
    ///
    /// - Parameter own: the service's `environment`, which values of files may quote.
    func fileEnvironment(_ node: YAMLNode, own: [String: String?], at path: NodePath) -> [String: String?] {
        let own = own.compactMapValues(\.self)
        var environment: [String: String] = [:]
        for name in envFileNames(node["env_file"], at: path.key("env_file")) {
            for (key, value) in envFile(name, own: own, earlier: environment) {
                environment[key] = name.isLong ? value : filled(value, for: key)
            }
        }
        return environment
    }

    /// Labels of `label_file`s, those of `labels` over them.
    func labels(_ node: YAMLNode, at path: NodePath) -> [String: String] {
        var labels: [String: String] = [:]
        for name in envFileNames(node["label_file"], at: path.key("label_file")) {
            for (key, value) in envFile(name) { labels[key] = value }
        }
        return labels.merging(stringMap(node["labels"])) { $1 }
    }

    func filled(_ value: String?, for name: String) -> String? {
        value.nonEmpty == nil ? context.environment[name] ?? value : value
    }

    private func envFileNames(_ node: YAMLNode?, at path: NodePath) -> [EnvFileName] {
        guard let node else { return [] }
        guard let list = node.list else {
            let origin = Origin(path: path, position: node.position)
            return node.string.map { [EnvFileName(text: $0, origin: origin)] } ?? []
        }
        return list.enumerated().compactMap { index, item in
            let origin = Origin(path: path.index(index), position: item.position)
            if let text = item.string { return EnvFileName(text: text, origin: origin) }
            return item["path"]?.string.map { text in
                EnvFileName(
                    text: text, origin: origin, isRequired: item["required"]?.bool ?? true, isLong: true,
                    isRaw: item["format"]?.string == "raw")
            }
        }
    }

    private func envFile(
        _ name: EnvFileName, own: [String: String] = [:], earlier: [String: String] = [:]
    ) -> [(name: String, value: String)] {
        let path = FilePath.absolute(name.text, from: context.directory)
        do {
            let bytes = try context.reader.read(path)
            try budget.spend(bytes.count)
            if name.isRaw { return try EnvFile.parse(bytes, environment: context.environment) }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw EnvFile.Failure(message: "it is not UTF-8")
            }
            return try DotEnv(
                text, environment: context.environment.merging(own) { caller, _ in caller }, earlier: earlier
            ).variables
        } catch let error as ComposeFileError where error.isMissing && !name.isRequired {
            return []
        } catch let failure as EnvFile.Failure {
            log.add("invalid env file (\(path)): \(failure.message)", at: name.origin)
        } catch let failure as DotEnv.Failure {
            log.add("invalid env file (\(path)): \(failure)", at: name.origin)
        } catch {
            log.add("\(error)", at: name.origin)
        }
        return []
    }
}
