import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadCompose

extension StackEngine {
    /// What all nodes have of the volumes that may be made anew. Changes nothing, and asks nobody when there are none.
    func survey(_ desired: DesiredStack, _ options: StackOptions) async throws -> VolumeSurvey {
        let names = desired.volumes(among: options.recreate)
        guard !names.isEmpty else { return VolumeSurvey() }
        async let allServices = client.services()
        async let stackTasks = client.tasks(Self.label(desired.name))
        let reach = try await NodeReach(client: client, logger: logger)
        let (services, tasks) = (try await allServices, try await stackTasks)
        let own = Set(services.filter { $0.spec.labels?[DesiredStack.namespaceLabel] == desired.name }.map(\.id))
        var survey = VolumeSurvey()
        for name in names {
            let strangers = services.filter { !own.contains($0.id) && $0.spec.taskTemplate.mounts(volume: name) }
            survey.strangers[name] = strangers.map { $0.spec.name ?? $0.id }.sorted()
        }
        for answer in try await concurrently(
            reach.ids, { try await self.copies(of: names, on: $0, reach, own: own, stack: desired.name) })
        {
            switch answer {
            case .success(let copies): survey.copies += copies
            case .failure(let silence):
                let there = tasks.filter { $0.nodeID == silence.node }
                let mounted = names.filter { name in there.contains { $0.spec?.mounts(volume: name) == true } }
                survey.silent.append(
                    VolumeSurvey.Silence(
                        nodeName: reach.name(silence.node), reason: silence.reason, mounted: Set(mounted)))
            }
        }
        return survey
    }

    private struct Silence: Error {
        let node: String
        let reason: String
    }

    private func copies(
        of names: [String], on node: String, _ reach: NodeReach, own services: Set<String>, stack: String
    ) async throws -> Result<[VolumeSurvey.Copy], Silence> {
        do {
            return .success(
                try await reach.withEngine(of: node) { engine in
                    try await concurrently(names) { name in
                        guard let volume = try await Self.volume(name, engine) else { return nil }
                        let users = try await engine.containers(["volume": [name]], all: true)
                        let strangers = users.filter { !Self.isTask($0, of: services, stack) }.map(Self.name)
                        return VolumeSurvey.Copy(
                            node: node, nodeName: reach.name(node), volume: volume, strangers: strangers.sorted())
                    }.compactMap { $0 }
                })
        } catch let error as EngineError {
            try Task.checkCancellation()
            return .failure(Silence(node: node, reason: "its engine does not say what it has: \(error.message)"))
        } catch let error as RoadsteadError where error.code == .unavailable {
            return .failure(Silence(node: node, reason: error.message))
        }
    }

    private static func volume(_ name: String, _ engine: EngineClient) async throws(EngineError) -> Volume? {
        do { return try await engine.volume(name) } catch {
            guard error.isNotFound else { throw error }
            return nil
        }
    }

    /// Also of a service that is gone by now: its containers go a moment later.
    private static func isTask(_ container: ContainerSummary, of services: Set<String>, _ stack: String) -> Bool {
        guard let service = container.labels?["com.docker.swarm.service.id"] else { return false }
        return services.contains(service) || container.labels?[DesiredStack.namespaceLabel] == stack
    }

    private static func name(_ container: ContainerSummary) -> String {
        container.names?.first.map { String($0.trimmingPrefix("/")) } ?? String(container.id.prefix(12))
    }

    // MARK: - Removal

    /// Throws `unavailable` when a node cannot be reached from which one of these has to be removed.
    func checkReach(_ volumes: [PlanStep]) async throws -> NodeReach? {
        guard !volumes.isEmpty else { return nil }
        let reach = try await NodeReach(client: client, logger: logger)
        _ = try await concurrently(Set(volumes.flatMap(\.nodes)).sorted()) { node in
            try await reach.withEngine(of: node) { _ in }
        }
        return reach
    }

    /// Removes a volume that nothing uses any more, with what is in it, from the nodes of the step.
    func removeVolume(
        _ step: PlanStep, _ reach: NodeReach, deadline: Instant,
        _ progress: @Sendable @escaping (StackProgress) async -> Void
    ) async throws {
        _ = try await concurrently(step.nodes) { node in
            let what = "volume \(step.name) on node \(reach.name(node))"
            try await reach.withEngine(of: node) { engine in
                try await whenFree(what, deadline: deadline) {
                    do throws(EngineError) { try await engine.removeVolume(step.name) } catch {
                        // Gone already is as good.
                        guard error.isNotFound else { throw RoadsteadError(error, doing: "remove \(what)") }
                    }
                }
            }
            await progress(.removing("removed \(what)"))
        }
    }
}

extension PlanStep {
    fileprivate var nodes: [String] { if case .volume(let nodes) = payload.exposed { nodes } else { [] } }
}
