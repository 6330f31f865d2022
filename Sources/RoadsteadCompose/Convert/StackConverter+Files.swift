import DockerAPI

/// Configs and secrets in a container. They are referred to by name: ids are known only when they have been made.
extension StackConverter {
    func configReferences(_ service: ComposeService) -> [ConfigReference]? {
        var references = targets(service.configs, of: file.configs, kind: "config").map {
            ConfigReference(file: $0.target, configName: $0.name)
        }
        if let key = service.credentialSpec?.config {
            if let object = file.configs[key] {
                references.append(ConfigReference(runtime: EmptyObject(), configName: object.name ?? scoped(key)))
            } else {
                log.add("undefined config \"\(key)\"", at: service.origin(of: "credential_spec"))
            }
        }
        func key(_ reference: ConfigReference) -> (String, Int, String) {
            (reference.configName ?? "", reference.runtime == nil ? 0 : 1, reference.file?.name ?? "")
        }
        return references.sorted { key($0) < key($1) }.nonEmpty
    }

    func secretReferences(_ service: ComposeService) -> [SecretReference]? {
        func key(_ reference: SecretReference) -> (String, String) {
            (reference.secretName ?? "", reference.file?.name ?? "")
        }
        return targets(service.secrets, of: file.secrets, kind: "secret").map {
            SecretReference(file: $0.target, secretName: $0.name)
        }.sorted { key($0) < key($1) }.nonEmpty
    }

    /// Where each reference puts its file: under the name of the source, owned by root, readable by all, if not said
    /// otherwise. No two may go to the same place.
    private func targets(
        _ references: [ComposeFileReference], of objects: [String: ComposeFileObject], kind: String
    ) -> [(name: String, target: FileTarget)] {
        var taken: Set<String> = []
        return references.compactMap { reference in
            guard let object = objects[reference.source] else {
                log.add(
                    "undefined \(kind) \"\(reference.source)\"", at: reference.origin,
                    hint: "define it in the top-level \(kind)s")
                return nil
            }
            let name = object.name ?? scoped(reference.source)
            let target = reference.target ?? reference.source
            guard taken.insert(target).inserted else {
                log.add("duplicate \(kind) target for \(name) not allowed: \(target)", at: reference.origin)
                return nil
            }
            let file = FileTarget(
                name: target, uid: reference.uid ?? "0", gid: reference.gid ?? "0", mode: reference.mode ?? 0o444)
            return (name, file)
        }
    }
}
