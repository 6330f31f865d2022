import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadCompose

extension StackEngine {
    /// Removes what the plan's networks, configs and secrets say; after a good verdict. Returns warnings about what is
    /// still in use: it goes with a later deployment.
    public func prune(
        _ prepared: PreparedStack, timeout: Duration = .seconds(20),
        progress: @Sendable @escaping (StackProgress) async -> Void = { _ in }
    ) async throws -> [String] {
        let steps = prepared.plan.steps.filter { $0.action == .remove && $0.kind != .service }
        let deadline = clock.now + timeout
        return try await concurrently(steps) { step in
            do {
                try await removeWhenFree(step, deadline: deadline, progress)
                return nil
            } catch let error as RoadsteadError where error.code != .cancelled {
                return "\(step.kind.rawValue) \(step.name) is not removed: \(error.message)"
            }
        }.compactMap { $0 }
    }

    /// Removes all that carries the stack's label, and returns when its tasks and networks are gone; how many objects
    /// there were.
    ///
    /// Volumes stay, as with docker. Throws `timeout` with the name of what is left.
    @discardableResult
    public func remove(
        stack: String, timeout: Duration = .seconds(120),
        progress: @Sendable @escaping (StackProgress) async -> Void = { _ in }
    ) async throws -> Int {
        do {
            let label = Self.label(stack)
            async let services = client.services(label)
            async let configs = client.configs(label)
            async let secrets = client.secrets(label)
            async let networks = client.networks(label)
            let first = try await services.map { PlanStep(.service, $0.spec.name ?? $0.id, .remove, id: $0.id) }
            let second =
                try await configs.map { PlanStep(.config, $0.spec.name, .remove, id: $0.id) }
                + secrets.map { PlanStep(.secret, $0.spec.name, .remove, id: $0.id) }
            let third = try await networks.filter { $0.scope == "swarm" }
                .map { PlanStep(.network, $0.name, .remove, id: $0.id) }
            let deadline = clock.now + timeout
            _ = try await concurrently(first) { try await remove($0, progress) }
            _ = try await concurrently(second) { try await removeWhenFree($0, deadline: deadline, progress) }
            try await waitForTasks(of: stack, deadline: deadline, progress)
            _ = try await concurrently(third) { try await removeWhenFree($0, deadline: deadline, progress) }
            try await waitForNetworks(of: stack, deadline: deadline)
            return first.count + second.count + third.count
        } catch { throw RoadsteadError.translating(error, doing: "remove stack \(stack)") }
    }

    /// The engine refuses while a service or the end of a task still holds the object.
    func removeWhenFree(
        _ step: PlanStep, deadline: Instant, _ progress: @Sendable (StackProgress) async -> Void
    ) async throws {
        try await whenFree("\(step.kind.rawValue) \(step.name)", deadline: deadline) {
            try await remove(step, progress)
        }
    }

    /// Tries `removal` until nothing uses the object any more. Throws `timeout` when the deadline comes first.
    func whenFree(_ object: String, deadline: Instant, _ removal: () async throws -> Void) async throws {
        var pause = Duration.milliseconds(100)
        while true {
            do { return try await removal() } catch let error as RoadsteadError {
                guard error.isAboutUse else { throw error }
                guard clock.now + pause < deadline else {
                    throw RoadsteadError(.timeout, "\(object) is still in use: \(error.message)")
                }
            }
            try await clock.sleep(for: pause)
            pause = min(pause * 2, .seconds(1))
        }
    }

    /// - Parameter services: ids; nil means all of the stack.
    func waitForTasks(
        ofServices services: Set<String>? = nil, of stack: String, deadline: Instant,
        _ progress: @Sendable (StackProgress) async -> Void
    ) async throws {
        var (pause, told) = (Duration.milliseconds(100), -1)
        while true {
            let left = try await client.tasks(Self.label(stack)).filter { task in
                !task.status.state.isTerminal && services?.contains(task.serviceID ?? "") != false
            }
            if left.isEmpty { return }
            guard clock.now < deadline else { throw stillRunning(stack, left) }
            if left.count != told { await progress(.removing("waiting for \(left.count) tasks to end")) }
            told = left.count
            try await clock.sleep(for: pause)
            pause = min(pause * 2, .seconds(1))
        }
    }

    /// An engine lists a removed network until its own part of it is taken down.
    private func waitForNetworks(of stack: String, deadline: Instant) async throws {
        while true {
            let left = try await client.networks(Self.label(stack)).filter { $0.scope == "swarm" }
            if left.isEmpty { return }
            guard clock.now < deadline else {
                let names = left.map(\.name).sorted().joined(separator: ", ")
                throw RoadsteadError(
                    .timeout, "stack \(stack): the engine still lists network \(names); remove the stack again later")
            }
            try await clock.sleep(for: .milliseconds(100))
        }
    }

    /// Removes the stack's volumes on the node that this engine is, with their data; the names of those removed.
    ///
    /// Volumes on other nodes stay: only the engine there can remove them. Throws `timeout` for one that is in use after
    /// `patience`: the containers of tasks that have ended are taken away a moment later.
    public func removeVolumes(
        stack: String, patience: Duration = .seconds(15),
        progress: @Sendable @escaping (StackProgress) async -> Void = { _ in }
    ) async throws -> [String] {
        let doing = "remove the volumes of stack \(stack)"
        let deadline = clock.now + patience
        do {
            let names = try await client.volumes(Self.label(stack)).map(\.name).sorted()
            for name in names {
                try await whenFree("volume \(name)", deadline: deadline) {
                    do { try await client.removeVolume(name) } catch {
                        throw RoadsteadError.translating(error, doing: doing)
                    }
                }
                await progress(.removing("removed volume \(name)"))
            }
            return names
        } catch { throw RoadsteadError.translating(error, doing: doing) }
    }

    private func stillRunning(_ stack: String, _ tasks: [SwarmTask]) -> RoadsteadError {
        let nodes = Set(tasks.compactMap(\.nodeID)).sorted().joined(separator: ", ")
        return RoadsteadError(
            .timeout,
            "stack \(stack): its services are removed, but \(tasks.count) tasks have not ended (nodes \(nodes)); "
                + "check that these nodes are up, or remove the stack again later")
    }
}

extension RoadsteadError {
    /// Words of moby and swarmkit; the statuses differ from version to version.
    fileprivate var isAboutUse: Bool {
        ["in use by", "is in use", "active endpoints", "is used by"].contains { message.contains($0) }
    }
}
