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
        async let services = client.services(label)
        async let networks = client.networks()
        async let labelledConfigs = isPruning ? client.configs(label) : []
        async let namedConfigs = configNames.isEmpty ? [] : client.configs(["name": configNames])
        async let labelledSecrets = isPruning ? client.secrets(label) : []
        async let namedSecrets = secretNames.isEmpty ? [] : client.secrets(["name": secretNames])
        return LiveStack(
            services: try await services, networks: try await networks,
            configs: Self.unique(try await namedConfigs + labelledConfigs, by: \.id),
            secrets: Self.unique(try await namedSecrets + labelledSecrets, by: \.id))
    }

    private static func unique<Value>(_ values: [Value], by id: KeyPath<Value, String>) -> [Value] {
        var seen: Set<String> = []
        return values.filter { seen.insert($0[keyPath: id]).inserted }
    }

    /// Asks the registries, through the engine, each image once and all at the same time.
    func resolve(
        _ desired: DesiredStack, live: LiveStack?, _ options: StackOptions
    ) async throws -> [String: ImageResolution] {
        let images = desired.imagesToResolve(options.resolveImage, live: live ?? LiveStack())
        let found = try await concurrently(images) { image in
            (image, try await resolve(image, auth: options.auth(forImage: image)))
        }
        return Dictionary(found, uniquingKeysWith: { first, _ in first })
    }

    private func resolve(_ image: String, auth: RegistryAuth?) async throws -> ImageResolution {
        do {
            let answer = try await client.distribution(image, auth: auth)
            return .resolved(digest: answer.descriptor.digest, platforms: Self.platforms(answer))
        } catch {
            if let auth, error.isRefusedLogin { throw Self.refused(image, auth, error) }
            // A registry that is away, or an image that only the nodes have, is no reason not to deploy.
            guard error.status != nil else { throw error }
            return .failed(reason: error.words)
        }
    }

    /// The architecture of ARM images is left out: nodes report it with a variant that would never match (swarmkit
    /// issue 2294).
    private static func platforms(_ answer: DistributionInspect) -> [Platform] {
        (answer.platforms ?? []).map { platform in
            let architecture = platform.architecture?.lowercased() == "arm" ? "" : platform.architecture
            return Platform(architecture: architecture, os: platform.os)
        }
    }

    private static func refused(_ image: String, _ auth: RegistryAuth, _ error: EngineError) -> RoadsteadError {
        let registry = ImageReference(image)?.registry ?? image
        let user = auth.username.map { " of user \($0)" } ?? ""
        return RoadsteadError(
            .forbidden,
            "registry \(registry) refuses the credential\(user) for image \(image): \(error.words); "
                + "check user and password (or token) of the registry's credential")
    }
}

extension EngineError {
    /// The registry did not accept user and password; a missing image is often called "denied" and does not count.
    fileprivate var isRefusedLogin: Bool {
        let text = message.lowercased()
        return status != nil
            && ["unauthorized", "incorrect username or password", "authentication required", "invalid username"]
                .contains { text.contains($0) }
    }
}
