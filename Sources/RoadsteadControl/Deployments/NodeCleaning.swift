import DockerAPI
import DockerClient
import RoadsteadBasics

/// Removes what a stack leaves behind on the nodes of its Swarm when it is gone: volumes, with their data, and images.
/// Both are local to a node, and only the engine there can remove them.
struct NodeCleaning: Sendable {
    /// What came of it, for people.
    struct Outcome: Sendable {
        /// `shop_data on h2`.
        var volumes: [String] = []
        var images: [String] = []
        /// What stays, and why.
        var left: [String] = []
    }

    let stack: String
    let removesVolumes: Bool
    /// References, as the services had them.
    let images: [String]
    let reach: NodeReach
    let clock: any WallClock
    /// How long the ends of containers are waited for, in all.
    var patience = Duration.seconds(15)

    /// Node by node: one that cannot be reached, and what is still in use, is left and told.
    func run(progress: @Sendable (String) async -> Void) async throws -> Outcome {
        var outcome = Outcome()
        let deadline = clock.now + patience
        for node in reach.ids {
            try Task.checkCancellation()
            await progress("cleaning node \(reach.name(node))")
            do {
                try await reach.withEngine(of: node) { try await clean($0, node, deadline, &outcome) }
            } catch let error as RoadsteadError where error.code == .unavailable {
                outcome.left.append("what is on node \(reach.name(node)) stays: \(error.message)")
            } catch let error as EngineError {
                try Task.checkCancellation()
                outcome.left.append("what is on node \(reach.name(node)) stays: \(error.message)")
            }
        }
        return outcome
    }

    private func clean(
        _ engine: EngineClient, _ node: String, _ deadline: Instant, _ outcome: inout Outcome
    ) async throws {
        if removesVolumes {
            for name in try await engine.volumes(StackEngine.label(stack)).map(\.name).sorted() {
                try await remove("volume \(name)", node, deadline, into: \.volumes, &outcome) {
                    try await engine.removeVolume(name)
                }
            }
        }
        for image in images {
            try await remove("image \(image)", node, deadline, into: \.images, &outcome) {
                try await engine.removeImage(Self.local(image))
            }
        }
    }

    /// A node knows an image that was pulled by its digest by nothing else.
    static func local(_ image: String) -> String {
        guard let reference = ImageReference(image), let digest = reference.digest else { return image }
        return "\(reference.repository)@\(digest)"
    }

    private func remove(
        _ what: String, _ node: String, _ deadline: Instant, into list: WritableKeyPath<Outcome, [String]>,
        _ outcome: inout Outcome, _ body: () async throws -> Void
    ) async throws {
        let place = "\(what.drop { $0 != " " }.dropFirst()) on \(reach.name(node))"
        while true {
            do {
                try await body()
                return outcome[keyPath: list].append(place)
            } catch let error as EngineError {
                if error.isNotFound { return }
                // The containers of tasks that have ended are taken away a moment later.
                if error.isConflict, clock.now < deadline {
                    try await clock.sleep(for: .milliseconds(300))
                    continue
                }
                return outcome.left.append("\(what) on \(reach.name(node)) stays: \(error.message)")
            }
        }
    }
}
