import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadCompose

extension StackEngine {
    static func label(_ stack: String) -> EngineFilters {
        ["label": ["\(DesiredStack.namespaceLabel)=\(stack)"]]
    }

    /// What the Swarm has, asked for at the same time; only kinds that matter to this stack.
    func live(_ desired: DesiredStack, _ options: StackOptions) async throws -> LiveStack {
        let label = Self.label(desired.name)
        let configNames = desired.configs.map(\.name) + desired.external.configs
        let secretNames = desired.secrets.map(\.name) + desired.external.secrets
        let isPruning = options.prune == .everything
        let wantsConfigs = isPruning || !desired.configs.isEmpty || options.last?.configs.isEmpty == false
        let wantsSecrets = isPruning || !desired.secrets.isEmpty || options.last?.secrets.isEmpty == false
        async let services = client.services(label)
        async let networks = client.networks()
        // Earlier contents have the stack's label, too.
        async let labelledConfigs = wantsConfigs ? client.configs(label) : []
        async let namedConfigs = configNames.isEmpty ? [] : client.configs(["name": configNames])
        async let labelledSecrets = wantsSecrets ? client.secrets(label) : []
        async let namedSecrets = secretNames.isEmpty ? [] : client.secrets(["name": secretNames])
        async let volumes = desired.hasVolumes ? client.volumes(label) : []
        var live = LiveStack(
            services: try await services, networks: try await networks,
            configs: Self.unique(try await namedConfigs + labelledConfigs, by: \.id),
            secrets: Self.unique(try await namedSecrets + labelledSecrets, by: \.id))
        live.volumes = try await volumes
        return live
    }

    private static func unique<Value>(_ values: [Value], by id: KeyPath<Value, String>) -> [Value] {
        var seen: Set<String> = []
        return values.filter { seen.insert($0[keyPath: id]).inserted }
    }

    /// Which live secrets have the contents that the stack's should have. Changes nothing.
    func secretContents(_ desired: DesiredStack, _ live: LiveStack) async throws -> [String: SecretContent] {
        let questions = desired.secretCandidates(in: live)
        let answers = try await concurrently(questions) { question in
            for candidate in question.candidates where try await has(candidate, contentOf: question.secret) {
                return (question.secret.name, SecretContent.isIn(candidate.spec.name))
            }
            return (question.secret.name, .isNew)
        }
        return Dictionary(answers, uniquingKeysWith: { first, _ in first })
    }

    /// The engine never gives a secret's content back, but it compares: an update with other data is refused for the
    /// data, one with the same is refused for its version, which is never 0 (swarmkit checks in this order).
    private func has(_ secret: SwarmSecret, contentOf spec: FileSpec) async throws(EngineError) -> Bool {
        var question = secret.spec
        question.data = spec.data
        do {
            try await client.updateSecret(secret.id, version: ObjectVersion(index: 0), question)
            return true
        } catch {
            if error.isOutOfSequence { return true }
            if error.message.contains("only updates to Labels are allowed") || error.isNotFound { return false }
            throw error
        }
    }
}

extension DesiredStack {
    fileprivate var hasVolumes: Bool {
        services.contains { $0.spec.taskTemplate.containerSpec?.mounts?.contains { $0.type == "volume" } == true }
    }
}
