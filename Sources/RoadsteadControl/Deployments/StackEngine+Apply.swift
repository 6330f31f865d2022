import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadCompose

extension StackEngine {
    /// Brings the Swarm to what the plan says: networks, configs and secrets at the same time, then services, each when
    /// its dependencies are as they should be, then the removal of services that left the file.
    ///
    /// A dependency that fails is no error: what waits for it is withheld, and `failures` of the result names both.
    ///
    /// When one step fails the others of its stage are given up, and nothing that was done is undone; plan and apply
    /// again. Removing networks, configs and secrets is left to `prune`, after the verdict: a rollback needs them.
    public func apply(
        _ prepared: PreparedStack, progress: @Sendable @escaping (StackProgress) async -> Void = { _ in }
    ) async throws -> AppliedStack {
        let plan = prepared.plan
        do { return try await applied(prepared, plan, progress) } catch {
            throw RoadsteadError.translating(error, doing: "apply stack \(plan.stack)")
        }
    }

    private func applied(
        _ prepared: PreparedStack, _ plan: StackPlan, _ progress: @Sendable @escaping (StackProgress) async -> Void
    ) async throws -> AppliedStack {
        let cleared = try await clear(plan, progress)
        // Volumes come with the tasks that need them.
        let kept = plan.steps.filter { $0.action != .remove && $0.kind != .volume }
        let ids = try await concurrently(kept.filter { $0.kind != .service }) { step in
            (step.kind, step.name, try await applyObject(step, progress))
        }
        let applied = try await rollOut(prepared, Self.resolver(ids), progress)
        let leaving = plan.steps.filter {
            $0.kind == .service && $0.action == .remove && !cleared.contains($0.name)
        }
        _ = try await concurrently(leaving) { try await remove($0, progress) }
        return AppliedStack(
            stack: plan.stack, services: applied.services.map(\.expectation),
            warnings: plan.warnings + applied.services.flatMap(\.warnings), failures: applied.failures)
    }

    private static func resolver(_ ids: [(PlanStep.Kind, String, String)]) -> SpecResolver {
        var resolver = SpecResolver(configIDs: [:], secretIDs: [:])
        for (kind, name, id) in ids {
            if kind == .config { resolver.configIDs[name] = id }
            if kind == .secret { resolver.secretIDs[name] = id }
        }
        return resolver
    }
}

// MARK: - Networks, configs, secrets

extension StackEngine {
    /// Returns the object's id.
    private func applyObject(
        _ step: PlanStep, _ progress: @Sendable (StackProgress) async -> Void
    ) async throws -> String {
        guard step.action != .unchanged else { return step.id ?? "" }
        do {
            let id = try await change(step)
            await progress(.applied(kind: step.kind, name: step.name, action: step.action.name))
            return id
        } catch {
            if error.message.contains("only updates to Labels are allowed") {
                throw RoadsteadError(
                    .invalidState,
                    SwarmWords.immutableFile(kind: step.kind.rawValue, name: step.name, what: "its data"))
            }
            throw RoadsteadError(error, doing: step.doing)
        }
    }

    private func change(_ step: PlanStep) async throws(EngineError) -> String {
        switch (step.payload.exposed, step.kind, step.action) {
        case (.network(let network), _, _): return try await client.createNetwork(network)
        case (.file(let spec), .config, .create): return try await client.createConfig(spec)
        case (.file(let spec), .secret, .create): return try await client.createSecret(spec)
        case (.file(let spec), .config, _): try await client.updateConfig(id(step), version: version(step), spec)
        case (.file(let spec), .secret, _): try await client.updateSecret(id(step), version: version(step), spec)
        default: break
        }
        return id(step)
    }

    private func id(_ step: PlanStep) -> String { step.id ?? step.name }

    private func version(_ step: PlanStep) -> ObjectVersion { step.version ?? ObjectVersion(index: 0) }
}

// MARK: - Services

extension StackEngine {
    func applyService(
        _ step: PlanStep, _ key: String, _ resolver: SpecResolver, _ options: StackOptions,
        _ progress: @Sendable (StackProgress) async -> Void
    ) async throws -> AppliedService {
        var applied = AppliedService(key: key, name: step.name, id: id(step), change: .unchanged, warnings: [])
        guard case .service(let planned) = step.payload.exposed else { return applied }
        let image = planned.taskTemplate.containerSpec?.image
        guard step.isChange || options.hasNewLogin(forImage: image) else { return applied }
        let spec = resolver.resolve(planned)
        let auth = options.auth(forImage: image)
        do {
            if step.action == .create || step.isRecreation {
                let created = try await client.createService(spec, registryAuth: auth)
                (applied.id, applied.change, applied.warnings) = (created.id, .created, created.warnings)
            } else {
                // A login that differs alone replaces no task that runs (swarmkit issue 971), and tasks to come need it.
                applied.warnings = try await update(step, spec, auth)
                if step.isChange { applied.change = .updated }
            }
            guard step.isChange else {
                await progress(.note("the nodes have the new login of the registry of service \(step.name)"))
                return applied
            }
            await progress(.applied(kind: .service, name: step.name, action: step.action.name))
            return applied
        } catch { throw RoadsteadError(error, doing: step.doing) }
    }

    /// The Swarm writes the state of an update into the service, which makes a version stale that was read before.
    private func update(
        _ step: PlanStep, _ spec: ServiceSpec, _ auth: RegistryAuth?
    ) async throws(EngineError) -> [String] {
        var version = version(step)
        for _ in 0..<4 {
            do {
                return try await client.updateService(id(step), version: version, spec, registryAuth: auth)
            } catch  where error.isOutOfSequence { version = try await client.service(id(step)).version }
        }
        return try await client.updateService(id(step), version: version, spec, registryAuth: auth)
    }

    func remove(_ step: PlanStep, _ progress: @Sendable (StackProgress) async -> Void) async throws {
        do {
            let id = id(step)
            switch step.kind {
            case .service: try await client.removeService(id)
            case .config: try await client.removeConfig(id)
            case .secret: try await client.removeSecret(id)
            case .network: try await client.removeNetwork(id)
            case .volume: try await client.removeVolume(step.name)
            }
        } catch {
            // Gone already is as good.
            guard error.isNotFound else { throw RoadsteadError(error, doing: step.doing) }
        }
        await progress(.applied(kind: step.kind, name: step.name, action: "remove"))
    }
}

extension PlanStep {
    /// What is tried, for messages: `create service shop_web`.
    var doing: String { "\(action.name) \(kind.rawValue) \(name)" }
}
