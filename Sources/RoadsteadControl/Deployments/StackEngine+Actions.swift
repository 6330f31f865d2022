import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadCompose

extension StackEngine {
    /// Gives services other numbers of tasks; by name in the file or on the Swarm. Watch what it returns.
    ///
    /// Throws `notFound` for a name that the stack does not have, `invalidState` for a service without replicas.
    public func scale(stack: String, _ replicas: [String: UInt64]) async throws -> AppliedStack {
        try await change(stack, Array(replicas.keys), doing: "scale") { key, service throws(RoadsteadError) in
            let number = replicas[key] ?? replicas[service.spec.name ?? ""] ?? 0
            var spec = service.spec
            if spec.mode?.global != nil || spec.mode?.globalJob != nil {
                throw RoadsteadError(.invalidState, "service \(key) is global: it runs once on each node, not N times")
            }
            if spec.mode?.isJob == true {
                spec.mode = .replicatedJob(maxConcurrent: number, totalCompletions: number)
            } else {
                spec.mode = .replicated(number)
            }
            return spec
        }
    }

    /// Replaces all tasks of services, as their update rules say; of all services when none is named.
    public func restart(stack: String, services: [String] = []) async throws -> AppliedStack {
        try await change(stack, services, doing: "restart") { _, service in
            var spec = service.spec
            spec.taskTemplate.forceUpdate = (spec.taskTemplate.forceUpdate ?? 0) + 1
            return spec
        }
    }

    /// Brings services back to what they were before their last update, which is all that a Swarm remembers.
    ///
    /// Services that were made or removed since, networks, and configs or secrets that are gone do not come back.
    /// Throws `invalidState` for a named service that was never updated; when none is named those are left alone.
    public func rollBack(stack: String, services: [String] = []) async throws -> AppliedStack {
        try await change(stack, services, doing: "roll back") { key, service throws(RoadsteadError) in
            if let previous = service.previousSpec { return previous }
            guard services.isEmpty else {
                throw RoadsteadError(.invalidState, "service \(key) was never updated: there is nothing to go back to")
            }
            return nil
        }
    }

    /// - Parameter edit: the spec that a service gets, given its key; nil leaves it alone. Asked before anything is
    ///   changed, and again when somebody else changes the service at the same time.
    private func change(
        _ stack: String, _ names: [String], doing: String,
        _ edit: @escaping @Sendable (String, Service) throws(RoadsteadError) -> ServiceSpec?
    ) async throws -> AppliedStack {
        do {
            let services = try chosen(names, of: stack, try await client.services(Self.label(stack)))
            let edits = try services.compactMap { key, service in
                try edit(key, service).map { (key, service, $0) }
            }
            guard !edits.isEmpty else {
                throw RoadsteadError(.invalidState, "no service of stack \(stack) can be changed this way")
            }
            let warnings = try await concurrently(edits) { key, service, spec in
                try await update(service, spec) { service throws(RoadsteadError) in try edit(key, service) }
            }
            return AppliedStack(
                stack: stack,
                services: edits.map { ServiceExpectation(key: $0.0, id: $0.1.id, change: .updated) },
                warnings: warnings.flatMap(\.self))
        } catch { throw RoadsteadError.translating(error, doing: "\(doing) stack \(stack)") }
    }

    private func chosen(
        _ names: [String], of stack: String, _ services: [Service]
    ) throws(RoadsteadError) -> [(String, Service)] {
        guard !services.isEmpty else { throw RoadsteadError(.notFound, "there is no stack '\(stack)' on this Swarm") }
        let all = services.map { (Self.key($0.spec.name ?? $0.id, stack: stack), $0) }.sorted { $0.0 < $1.0 }
        guard !names.isEmpty else { return all }
        for name in names where !all.contains(where: { $0.0 == name || $0.1.spec.name == name }) {
            let there = all.map(\.0).joined(separator: ", ")
            throw RoadsteadError(.notFound, "stack \(stack) has no service \(name); there are: \(there)")
        }
        return all.filter { names.contains($0.0) || names.contains($0.1.spec.name ?? "") }
    }

    private func update(
        _ service: Service, _ first: ServiceSpec, _ edit: (Service) throws(RoadsteadError) -> ServiceSpec?
    ) async throws -> [String] {
        var (service, spec) = (service, first)
        for _ in 0..<4 {
            do { return try await client.updateService(service.id, version: service.version, spec) } catch {
                guard error.isOutOfSequence else { throw error }
                service = try await client.service(service.id)
                spec = try edit(service) ?? spec
            }
        }
        return try await client.updateService(service.id, version: service.version, spec)
    }
}
