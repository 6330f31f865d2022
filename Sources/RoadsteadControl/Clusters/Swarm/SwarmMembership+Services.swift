import DockerAPI
import DockerClient
import RoadsteadBasics

/// What an upgrade looks at: who still runs on a node, and which services are whole.
extension SwarmMembership {
    /// Sends the node's tasks away, and waits until they have ended. Returns the names of the services, sorted, whose tasks are
    /// still there at the limit; a node that does not answer holds none.
    func evacuate(_ nodeID: String, through managers: [String], limit: Duration) async throws -> [String] {
        try await setAvailability(nodeID, "drain", through: managers)
        let end = clock.now + limit
        while true {
            let left = try await servicesHolding(nodeID, through: managers)
            guard !left.isEmpty, clock.now < end else { return left }
            try await clock.sleep(for: times.pause)
        }
    }

    private func servicesHolding(_ nodeID: String, through managers: [String]) async throws -> [String] {
        try await asking(managers, doing: "see node \(nodeID) drained") { client in
            guard try await client.node(nodeID).status?.state == "ready" else { return [] }
            let tasks = try await client.tasks(["node": [nodeID]]).filter(\.holdsItsNode)
            guard !tasks.isEmpty else { return [] }
            let services = try await client.services()
            let names = Dictionary(services.map { ($0.id, $0.spec.name ?? $0.id) }) { first, _ in first }
            return Set(tasks.map { task in task.serviceID.map { names[$0] ?? $0 } ?? task.id }).sorted()
        }
    }

    func setAvailability(_ nodeID: String, _ availability: String, through managers: [String]) async throws {
        try await change(nodeID, doing: "make node \(nodeID) \(availability)", through: managers) {
            $0.availability = availability
        }
    }

    /// The ids of the services that run as many tasks as they should.
    func wholeServices(through managers: [String]) async throws -> Set<String> {
        Set(try await services(through: managers).filter { $0.isWhole == true }.map(\.id))
    }

    /// Waits until all of these services, as far as they are there, run as many tasks as they should. Returns the names of
    /// those that do not at the limit, sorted.
    ///
    /// It has to be so at two looks in a row: a global service wants a task of a node only a moment after the node is active.
    func awaitWhole(_ services: Set<String>, through managers: [String], limit: Duration) async throws -> [String] {
        let end = clock.now + limit
        var wholeLooks = 0
        while true {
            let broken = try await self.services(through: managers)
                .filter { services.contains($0.id) && $0.isWhole == false }
            wholeLooks = broken.isEmpty ? wholeLooks + 1 : 0
            guard wholeLooks < 2, clock.now < end else { return broken.map { $0.spec.name ?? $0.id }.sorted() }
            try await clock.sleep(for: times.pause)
        }
    }

    private func services(through managers: [String]) async throws -> [Service] {
        try await asking(managers, doing: "look at the Swarm's services") { try await $0.services(status: true) }
    }
}

extension Service {
    /// nil for jobs, which end, and where the engine does not say it (before 20.10).
    fileprivate var isWhole: Bool? {
        guard jobStatus == nil, let desired = serviceStatus?.desiredTasks else { return nil }
        return (serviceStatus?.runningTasks ?? 0) >= desired
    }
}
