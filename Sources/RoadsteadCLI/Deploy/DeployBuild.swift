import RoadsteadBasics
import RoadsteadClient
import RoadsteadCompose

/// `--build` of `deploy` and `plan`: images are made by the engine of this machine and pushed with its logins, before the
/// server deploys them from their registry.
struct DeployBuild: Sendable {
    /// Asks registries for everything but what is not built yet.
    let work: DeploymentWork
    let stack: DesiredStack

    static func make(
        _ input: ApplicationInput, _ local: LocalApplication, _ connection: Connection
    ) async throws -> DeployBuild {
        var request = try await input.request(local, connection.client, keeps: false)
        request.choices["builds"] = "planned"
        let kept = request.existing?["profiles"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let stack = try await local.stackToBuild(
            input.variables, profiles: request.profiles.isEmpty ? kept : request.profiles,
            environment: connection.console.environment)
        return DeployBuild(work: DeploymentWork(client: connection.client, request: request), stack: stack)
    }

    /// Without an id to approve: it is not known yet which images there will be.
    func plan() async throws -> JSONObject { try await work.plan().filter { $0.key != "plan-id" } }

    /// What can be refused is refused before this costs minutes.
    func run(_ console: Console, isQuiet: Bool) async throws {
        _ = try await plan()
        let logins = await RegistryLogins.readable(for: stack, console)
        try await EngineOptionGroup.withEngine { client, _ in
            try await StackBuild(console: console, isQuiet: isQuiet).run(stack, client, logins: logins)
        }
    }
}
