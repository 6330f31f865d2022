import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadControl

/// The logins for the registries of a stack's images, from docker's configuration.
enum RegistryLogins {
    /// By registry host; only of registries that some image comes from. Throws what a credential helper's failure becomes.
    static func load(
        for stack: DesiredStack, environment: [String: String]
    ) async throws -> [String: RegistryAuth] {
        let file = try DockerConfigFile.load(DockerConfigFile.path(environment))
        var logins: [String: RegistryAuth] = [:]
        for registry in registries(of: stack) {
            guard let login = try await login(file.source(of: registry), registry) else { continue }
            logins[registry] = RegistryAuth(
                username: login.username, password: login.password,
                serverAddress: registry == "docker.io" ? DockerConfigFile.hub : registry,
                identityToken: login.identityToken)
        }
        return logins
    }

    /// What a person who did not ask for logins cannot have is no reason not to deploy: it is warned about.
    static func readable(for stack: DesiredStack, _ console: Console) async -> [String: RegistryAuth] {
        do { return try await load(for: stack, environment: console.environment) } catch {
            console.error("roadstead: warning: " + RoadsteadError.translating(error).message)
            return [:]
        }
    }

    static func registries(of stack: DesiredStack) -> [String] {
        let images = stack.services.compactMap { $0.spec.taskTemplate.containerSpec?.image }
        return Set(images.compactMap { ImageReference($0)?.registry }).sorted()
    }

    private static func login(
        _ source: DockerConfigFile.Source, _ registry: String
    ) async throws -> DockerConfigFile.Login? {
        switch source {
        case .none: nil
        case .stored(let login): login
        case .helper(let name): try await CredentialHelper.login(name, registry: registry)
        }
    }
}
