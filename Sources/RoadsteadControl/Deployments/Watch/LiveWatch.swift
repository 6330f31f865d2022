import DockerClient
import Logging
import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Keeps `health` and `reason` of all started deployments true: one watcher for each target (credential), which follows
/// that Swarm's events and knows all deployments on it. No job, no polling for each deployment.
public struct LiveWatch: Sendable {
    /// How often things are looked at that no event tells.
    public struct Pace: Sendable {
        /// The whole Swarm, in case that an event was lost.
        public var reconcile: Duration = .seconds(60)
        /// Tasks on nodes whose engines we cannot listen to: the Swarm has no events for tasks.
        public var look: Duration = .milliseconds(1000)
        /// Whether the Swarm still answers, and how its nodes are.
        public var nodes: Duration = .seconds(5)
        /// Events come in swarms.
        public var gather: Duration = .milliseconds(100)
        public var backoff = Backoff(base: .milliseconds(500), cap: .seconds(30))
        /// How long a Swarm may be silent before its deployments say so.
        public var patience: Duration = .seconds(5)
        /// After news of a stack it is looked at again, so often: a node tells the Swarm of an end a moment after its
        /// engine has told us.
        public var revisits = 4
        public var revisit: Duration = .milliseconds(400)

        public init() {}
    }

    private let context: ControlContext
    private let pace: Pace
    private let options: EngineOptions

    public init(context: ControlContext, pace: Pace = Pace()) {
        self.context = context
        self.pace = pace
        var options = EngineOptions()
        (options.connectTimeout, options.deadline, options.connections) = (.seconds(4), .seconds(20), 4)
        self.options = options
    }

    /// Watches until the task is cancelled.
    public func run() async {
        let changes = context.store.changes(of: [ResourceType.deployment.name], buffer: 4096)
        let board = WatchBoard(SwarmSetting(context: context, pace: pace, options: options))
        await withDiscardingTaskGroup { group in
            group.addTask { await follow(changes, board) }
            group.addTask { await sweep(board) }
            for await swarm in board.started { group.addTask { await swarm.run() } }
            group.cancelAll()
        }
    }

    private func follow(_ changes: AsyncStream<DocumentChange>, _ board: WatchBoard) async {
        for await change in changes {
            do {
                let document = change.kind == .deleted ? nil : try await context.store.find(change.id)
                if change.kind == .deleted { await context.deadTasks.forget(change.id) }
                await board.set(change.id, document.flatMap { WatchedDeployment($0) })
            } catch { context.logger.warning("a deployment is not watched", metadata: ["error": "\(error)"]) }
        }
        board.finish()
    }

    /// All of them at the start, and again now and then: a listener that is far behind loses changes.
    private func sweep(_ board: WatchBoard) async {
        while !Task.isCancelled {
            do { try await readAll(board) } catch {
                context.logger.warning("deployments could not be listed for the watch", metadata: ["error": "\(error)"])
            }
            do { try await context.clock.sleep(for: pace.reconcile) } catch { return }
        }
    }

    private func readAll(_ board: WatchBoard) async throws {
        var (last, found): (ResourceID?, Set<ResourceID>) = (nil, [])
        let states = DeploymentState.allCases.filter(\.isWatched).map(\.rawValue)
        while true {
            var filter = Filter.oneOf("state", states)
            if let last { filter = filter && .compare("id", .greater, .string(last.description)) }
            // A page at a time: modules may be large.
            let query = DocumentQuery(
                type: ResourceType.deployment.name, filter: filter, order: [.init("id")], last: 100)
            let documents = try await context.store.query(query).documents
            for document in documents {
                guard let watched = WatchedDeployment(document) else { continue }
                found.insert(document.id)
                await board.set(document.id, watched)
            }
            guard documents.count == 100, let end = documents.last?.id else { break }
            last = end
        }
        // Not found may mean begun meanwhile: each is looked at by itself.
        for id in await board.others(than: found) {
            await board.set(id, try await context.store.find(id).flatMap { WatchedDeployment($0) })
        }
    }
}

/// Which deployment is watched by whom.
actor WatchBoard {
    private let setting: SwarmSetting
    private var swarms: [ResourceID: SwarmWatch] = [:]
    private var places: [ResourceID: ResourceID] = [:]
    /// Watchers that have to be run.
    nonisolated let started: AsyncStream<SwarmWatch>
    private nonisolated let starts: AsyncStream<SwarmWatch>.Continuation

    init(_ setting: SwarmSetting) {
        self.setting = setting
        (started, starts) = AsyncStream.makeStream(of: SwarmWatch.self)
    }

    nonisolated func finish() { starts.finish() }

    func set(_ id: ResourceID, _ watched: WatchedDeployment?) async {
        if let place = places[id], place != watched?.target { await remove(id, from: place) }
        guard let watched else { return }
        places[id] = watched.target
        await swarm(watched.target).set(watched)
    }

    func others(than ids: Set<ResourceID>) -> [ResourceID] { places.keys.filter { !ids.contains($0) } }

    private func swarm(_ target: ResourceID) -> SwarmWatch {
        if let swarm = swarms[target] { return swarm }
        let swarm = SwarmWatch(target: target, setting)
        swarms[target] = swarm
        starts.yield(swarm)
        return swarm
    }

    private func remove(_ id: ResourceID, from place: ResourceID) async {
        places[id] = nil
        guard let swarm = swarms[place], await swarm.remove(id) else { return }
        swarms[place] = nil
        swarm.end()
    }
}
