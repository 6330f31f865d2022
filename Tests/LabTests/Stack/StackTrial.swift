import DockerAPI
import DockerClient
import Logging
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadControl
import RoadsteadTestKit
import Testing

/// One stack on the lab's Swarm, deployed as the product does it.
struct StackTrial: Sendable {
    let name: String
    let client: EngineClient
    let registry: LabHosts.Registry

    var engine: StackEngine { StackEngine(engine: client, logger: Logger(label: "lab")) }

    /// Runs `body` with a stack of its own, which is removed afterwards whatever happened.
    static func run<Value: Sendable>(
        _ name: String, _ body: (StackTrial) async throws -> Value
    ) async throws -> Value {
        let lab = try LabHosts.required()
        return try await lab.withEngine { client in
            let trial = StackTrial(name: "lab-\(name)", client: client, registry: try lab.registry())
            try await trial.engine.remove(stack: trial.name)
            do {
                let value = try await body(trial)
                try await trial.engine.remove(stack: trial.name)
                return value
            } catch {
                _ = try? await trial.engine.remove(stack: trial.name)
                throw error
            }
        }
    }

    /// `IMAGE` in the file stands for the registry's busybox.
    func desired(
        _ compose: String, files: [String: String] = [:], environment: [String: String] = [:]
    ) throws -> DesiredStack {
        let text = compose.replacing("IMAGE", with: registry.image("busybox"))
        return try ComposeReader.desiredStack(
            ComposeInput(
                sources: [ComposeSource(path: "compose.yml", text: text)], environment: environment,
                reader: MemoryFileReader(files: files.mapValues { Array($0.utf8) }), workingDirectory: "/"),
            stackName: name)
    }

    func options(
        prune: PruneScope = .everything, resolveImage: ResolveImage = .always, password: String? = nil
    ) -> StackOptions {
        var auth = registry.auth
        if let password { auth.password = Redacted(password) }
        return StackOptions(prune: prune, resolveImage: resolveImage, registryAuths: [registry.address: auth])
    }

    struct Result: Sendable {
        var plan: StackPlan
        var applied: AppliedStack
        var verdict: StackVerdict
    }

    func deploy(
        _ desired: DesiredStack, options: StackOptions? = nil, timeout: Duration = .seconds(90)
    ) async throws -> Result {
        let prepared = try await engine.plan(desired, options: options ?? self.options())
        let applied = try await engine.apply(prepared)
        let verdict = try await engine.watch(applied, timeout: timeout)
        if verdict.outcome == .succeeded {
            let warnings = try await engine.prune(prepared)
            #expect(warnings.isEmpty)
        }
        return Result(plan: prepared.plan, applied: applied, verdict: verdict)
    }

    /// Ids of the tasks that should run.
    func runningTasks() async throws -> Set<String> {
        let tasks = try await client.tasks(["label": ["\(DesiredStack.namespaceLabel)=\(name)"]])
        return Set(tasks.filter { $0.desiredState == .running }.map(\.id))
    }

    /// All that carries the stack's label: `service a`, `network b`, …; sorted.
    func objects() async throws -> [String] {
        let label = ["label": ["\(DesiredStack.namespaceLabel)=\(name)"]]
        let services = try await client.services(label).map { "service \($0.spec.name ?? $0.id)" }
        let networks = try await client.networks(label).map { "network \($0.name)" }
        let configs = try await client.configs(label).map { "config \($0.spec.name)" }
        let secrets = try await client.secrets(label).map { "secret \($0.spec.name)" }
        let prefix = name + "_"
        return (services + networks + configs + secrets).map { $0.replacing(prefix, with: "") }.sorted()
    }
}
