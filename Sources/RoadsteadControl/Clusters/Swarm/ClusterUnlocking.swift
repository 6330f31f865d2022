import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Gives managers that were started anew the key that they wait for (Docker's autolock).
///
/// Whoever looks at a cluster does so first: a locked manager is of no use to anybody, and its Swarm takes it for lost.
struct ClusterUnlocking {
    let site: ClusterSite

    struct Outcome: Sendable, Hashable {
        /// Machines that were locked and have got their key.
        var unlocked: [String] = []
        /// Machines whose engines did not answer.
        var silent: [String] = []
        /// For people.
        var warnings: [String] = []
    }

    /// Nothing for a cluster without autolock; managers that do not answer are passed over. `waits`: until those that got the
    /// key are nodes again. Throws `CancellationError`, and what the store throws.
    func run(waits: Bool = true) async throws -> Outcome {
        let document = try await site.document()
        guard let key = try site.store.opened(ClusterSecrets.autolockKey, of: document.stored) else {
            return Outcome()
        }
        let managers = try await site.store.managers(of: site.id).filter(\.isNode)
        guard !managers.isEmpty else { return Outcome() }
        var outcome = try await unlock(managers, key)
        let woken = managers.filter { outcome.unlocked.contains($0.name) }
        if waits, !woken.isEmpty, let warning = try await wait(for: woken) { outcome.warnings.append(warning) }
        return outcome
    }

    /// All at the same time: of a Swarm whose managers are all locked none gets anywhere alone.
    private func unlock(_ managers: [MachineDocument], _ key: Redacted<String>) async throws -> Outcome {
        let swarm = try await site.swarm()
        return try await withThrowingTaskGroup(of: (String, Result<Bool, RoadsteadError>).self) { group in
            for manager in managers {
                group.addTask {
                    do {
                        return (manager.name, .success(try await swarm.unlock(manager.address ?? "", key: key)))
                    } catch {
                        try Task.checkCancellation()
                        return (manager.name, .failure(RoadsteadError.translating(error)))
                    }
                }
            }
            var outcome = Outcome()
            for try await (name, result) in group { Self.note(result, of: name, in: &outcome) }
            outcome.unlocked.sort()
            return outcome
        }
    }

    private static func note(_ result: Result<Bool, RoadsteadError>, of name: String, in outcome: inout Outcome) {
        switch result {
        case .success(true):
            outcome.unlocked.append(name)
            outcome.warnings.append("manager \(name) was locked and has got its key")
        case .success(false): break
        case .failure(let error) where error.code == .forbidden:
            outcome.warnings.append(
                "manager \(name) is locked, and not by the key that is kept: unlock it with the right one "
                    + "(docker swarm unlock)")
        case .failure: outcome.silent.append(name)
        }
    }

    private func wait(for machines: [MachineDocument]) async throws -> String? {
        let expected = machines.map { ExpectedNode($0.name, $0.nodeID ?? "", .manager) }
        do {
            try await site.swarm().verify(expected, through: try await site.managers())
            return nil
        } catch {
            try Task.checkCancellation()
            return "unlocked, and yet: " + RoadsteadError.translating(error).message
        }
    }
}
