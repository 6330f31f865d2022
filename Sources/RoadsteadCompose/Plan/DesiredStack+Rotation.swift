import DockerAPI
import RoadsteadBasics

/// What the engine told about the content of a secret that a stack should have.
public enum SecretContent: Hashable, Sendable {
    /// The live secret of this name has it.
    case isIn(String)
    /// None of those that it could be.
    case isNew
}

extension DesiredStack {
    /// Live secrets that may have the content of each secret of this stack, likeliest first: whoever plans asks the
    /// engine about them and says so in `LiveStack.secretContents`.
    public func secretCandidates(in live: LiveStack) -> [(secret: FileSpec, candidates: [SwarmSecret])] {
        let rotation = FileRotation(stack: name, isExact: isExact, live: live.secretFiles)
        return secrets.filter { $0.data != nil }.map { spec in
            (spec, rotation.candidates(for: spec).compactMap { file in live.secrets.first { $0.id == file.id } })
        }
    }

    /// With configs and secrets under the names that they get on the Swarm, and services that refer to those.
    func rotated(in live: LiveStack) -> DesiredStack {
        var stack = self
        let configs = FileRotation(stack: name, isExact: isExact, live: live.configFiles)
        let secrets = FileRotation(stack: name, isExact: isExact, live: live.secretFiles)
        stack.configs = self.configs.map { spec in
            let same = configs.candidates(for: spec).first { $0.data.orNil == spec.data.orNil }
            return configs.renamed(spec, same: same, nextName: FileRotation.configName)
        }
        stack.secrets = self.secrets.map { spec in
            let candidates = secrets.candidates(for: spec)
            let same: LiveFile?
            switch live.secretContents[spec.name] {
            case .isIn(let name): same = candidates.first { $0.name == name }
            case .isNew: same = nil
            // A driver keeps it, or nobody asked: then the engine is asked when the plan is applied.
            case nil: same = candidates.first { $0.name == spec.name } ?? (spec.data == nil ? candidates.first : nil)
            }
            return secrets.renamed(spec, same: same) { secrets.secretName(base: $1) }
        }
        stack.renameReferences(
            configs: Self.renames(self.configs, stack.configs), secrets: Self.renames(self.secrets, stack.secrets))
        return stack
    }

    private static func renames(_ before: [FileSpec], _ after: [FileSpec]) -> [String: String] {
        Dictionary(zip(before, after).map { ($0.name, $1.name) }, uniquingKeysWith: { first, _ in first })
            .filter { $0.key != $0.value }
    }

    private mutating func renameReferences(configs: [String: String], secrets: [String: String]) {
        guard !configs.isEmpty || !secrets.isEmpty else { return }
        for index in services.indices {
            guard var container = services[index].spec.taskTemplate.containerSpec else { continue }
            container.configs = container.configs?.map { reference in
                var reference = reference
                reference.configName = reference.configName.map { configs[$0] ?? $0 }
                return reference
            }
            container.secrets = container.secrets?.map { reference in
                var reference = reference
                reference.secretName = reference.secretName.map { secrets[$0] ?? $0 }
                return reference
            }
            // A credential spec holds the config's name until it is applied.
            if let name = container.privileges?.credentialSpec?.config, let new = configs[name] {
                container.privileges?.credentialSpec?.config = new
            }
            services[index].spec.taskTemplate.containerSpec = container
        }
    }
}
