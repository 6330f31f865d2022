import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// What the watch keeps of a deployment: small, as there may be thousands.
struct WatchedDeployment: Hashable, Sendable {
    let id: ResourceID
    /// The credential whose Swarm it is on.
    let target: ResourceID
    var stack: String
    var services: [String]
    /// A job has failed: `reason` is the job's, and only how much of the stack runs is told beside it.
    let isFailed: Bool
    var tracker: HealthTracker

    /// nil for one that has nothing on a Swarm, or that a job is at work on.
    init?(_ document: StoredDocument) {
        guard let state = DeploymentRules.state(of: document.body), state.isWatched,
            let target = document["parent"]?.stringValue.flatMap({ ResourceID($0) }),
            state == .started || document["services"] != nil
        else { return nil }
        isFailed = state == .error
        id = document.id
        self.target = target
        stack = DeploymentStack(deployment: document).name
        services = document["services"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let level = document["health"]?.stringValue.flatMap(DeploymentHealth.Level.init(rawValue:))
        tracker = HealthTracker(
            shown: level.map { DeploymentHealth($0, state == .error ? "" : document["reason"]?.stringValue ?? "") })
    }

    /// The same deployment as it is stored now; what the watch remembers is kept.
    func updated(_ newer: WatchedDeployment) -> WatchedDeployment {
        var updated = newer
        // Our own writes come back, too: only a state that somebody else has written starts the memory anew.
        if newer.tracker.shown == tracker.shown { updated.tracker = tracker }
        return updated
    }
}

/// Writes what the watch has found out into the documents, with an event each time that the level changes.
struct HealthRecord: Sendable {
    struct Entry: Sendable {
        var id: ResourceID
        var stack: String
        var health: DeploymentHealth
        /// Running tasks by service, as far as they are known.
        var running: [String: Int] = [:]
    }

    let store: DocumentStore

    func write(_ entries: [Entry]) async throws {
        guard !entries.isEmpty else { return }
        // A lost Swarm may be that of hundreds: other writers must not wait for all of them.
        for start in stride(from: 0, to: entries.count, by: 100) {
            let batch = entries[start..<min(start + 100, entries.count)]
            try await store.write { transaction in
                for entry in batch { try Self.write(entry, in: transaction) }
            }
        }
    }

    private static func write(_ entry: Entry, in transaction: StoreTransaction) throws {
        // A job that has begun meanwhile says itself what comes of it.
        guard let document = try transaction.find(entry.id), let watched = WatchedDeployment(document),
            watched.stack == entry.stack
        else { return }
        let before = document["health"]?.stringValue
        let level = entry.health.level
        let stored = try transaction.modify(entry.id) { body in
            body["health"] = .string(level.rawValue)
            if !watched.isFailed { body["reason"] = entry.health.reason.isEmpty ? nil : .string(entry.health.reason) }
            if before != level.rawValue { body["health-since"] = .string(transaction.now.description) }
        }
        for (service, count) in entry.running { try note(count, of: service, stored, in: transaction) }
        guard before != level.rawValue, before != nil || level != .healthy else { return }
        try transaction.record(event(of: stored, entry.health))
    }

    /// The fact that Nuvla's clients read: `web.replicas.running`.
    private static func note(
        _ count: Int, of service: String, _ deployment: StoredDocument, in transaction: StoreTransaction
    ) throws {
        let fact = DeploymentParameter.document(
            "\(service).replicas.running", node: service, value: String(count), of: deployment)
        guard let id = fact["id"]?.stringValue.flatMap({ ResourceID($0) }), let known = try transaction.find(id),
            known["value"] != fact["value"]
        else { return }
        try transaction.modify(id) { $0["value"] = fact["value"] }
    }

    private static func event(of deployment: StoredDocument, _ health: DeploymentHealth) -> EventDraft {
        let name = deployment["name"]?.stringValue ?? deployment.id.identifier
        let reason = health.reason.isEmpty ? "" : ": " + health.reason
        let list = deployment["acl"].flatMap { try? AccessList(json: $0) }
        var event = EventDraft(
            name: "deployment.health", category: .state, resource: deployment.id,
            text: "deployment \(name) is \(health.level.rawValue)\(reason)", isSuccess: health.level == .healthy,
            visibleTo: Set(list?.owners ?? []).union(list?.grants[.editData] ?? []))
        event.state = health.level.rawValue
        event.severity =
            switch health.level {
            case .healthy: .low
            case .degraded, .unknown: .medium
            case .down: .high
            }
        return event
    }
}
