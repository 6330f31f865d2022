import DockerAPI
import RoadsteadBasics
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

/// What an upgrade looks at, from the answers of an engine.
@Suite struct SwarmServicesTests {
    private static func service(_ id: String, _ running: Int, of desired: Int, isJob: Bool = false) -> JSONValue {
        var service: JSONObject = [
            "ID": .string(id), "Version": ["Index": 1], "Spec": ["Name": .string("name-\(id)"), "TaskTemplate": [:]],
            "ServiceStatus": ["RunningTasks": JSONValue(running), "DesiredTasks": JSONValue(desired)],
        ]
        if isJob { service["JobStatus"] = ["JobIteration": ["Index": 1]] }
        return .object(service)
    }

    private static func task(_ id: String, of service: String, _ state: String) -> JSONValue {
        ["ID": .string(id), "ServiceID": .string(service), "Status": ["State": .string(state)]]
    }

    /// The last answer is given again and again.
    private static func next(_ answers: Shared<[[JSONValue]]>) -> FakeReply {
        let list = answers.change { $0.count > 1 ? $0.removeFirst() : $0.first ?? [] }
        return .whole(
            status: 200, headers: [("Content-Type", "application/json")], body: Array(JSONValue.array(list).text().utf8)
        )
    }

    private func swarm(
        services: [[JSONValue]] = [], tasks: [[JSONValue]] = [],
        _ body: @escaping @Sendable (SwarmMembership, _ node: String) async throws -> Void
    ) async throws {
        try await FakeEngines.run("a") { engines in
            let node = try await engines.membership.initialize("a", advertise: "a").nodeID
            let (left, gone) = (Shared(services), Shared(tasks))
            engines.script("a") { request in
                switch request.path {
                case "/services": Self.next(left)
                case "/tasks": Self.next(gone)
                default: engines.member("a").reply(to: request)
                }
            }
            try await body(engines.membership, node)
        }
    }

    @Test("a service is whole when as many tasks run as should; jobs, which end, are none")
    func whole() async throws {
        let services = [
            Self.service("x", 2, of: 2), Self.service("y", 1, of: 2), Self.service("z", 0, of: 0),
            Self.service("job", 1, of: 1, isJob: true),
        ]
        try await swarm(services: [services]) { swarm, _ in
            #expect(try await swarm.wholeServices(through: ["a"]) == ["x", "z"])
            let whole = try await swarm.awaitWhole(["x", "gone"], through: ["a"], limit: .seconds(5))
            #expect(whole == [])
            let broken = try await swarm.awaitWhole(["x", "y", "job"], through: ["a"], limit: .seconds(5))
            #expect(broken == ["name-y"])
        }
    }

    @Test("that a service is whole has to be seen twice")
    func twice() async throws {
        let (good, bad) = ([Self.service("x", 1, of: 1)], [Self.service("x", 1, of: 2)])
        try await swarm(services: [good, bad, bad, good]) { swarm, _ in
            let left = try await swarm.awaitWhole(["x"], through: ["a"], limit: .seconds(60))
            #expect(left == [])
        }
        try await swarm(services: [good, bad]) { swarm, _ in
            let left = try await swarm.awaitWhole(["x"], through: ["a"], limit: .seconds(60))
            #expect(left == ["name-x"])
        }
    }

    @Test("a node is empty when no task of it runs or may; the services that hold it are named")
    func evacuation() async throws {
        let services = [[Self.service("x", 1, of: 1), Self.service("y", 1, of: 1)]]
        let running = [Self.task("1", of: "x", "running"), Self.task("2", of: "y", "shutdown")]
        try await swarm(services: services, tasks: [running]) { swarm, node in
            let left = try await swarm.evacuate(node, through: ["a"], limit: .seconds(5))
            #expect(left == ["name-x"])
            #expect(try await swarm.nodes(through: ["a"]).first?.spec.availability == "drain")
            try await swarm.setAvailability(node, "pause", through: ["a"])
            #expect(try await swarm.nodes(through: ["a"]).first?.spec.availability == "pause")
        }
        try await swarm(services: services, tasks: [running, running, []]) { swarm, node in
            let left = try await swarm.evacuate(node, through: ["a"], limit: .seconds(60))
            #expect(left == [])
        }
    }
}
