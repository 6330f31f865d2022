import DockerClient
import Logging
import RoadsteadBasics
import RoadsteadControl
import RoadsteadJobs
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

/// A control plane with a job runner, the live watch, and a fake engine as its Swarm; real time.
struct LivePlane {
    let test: TestPlane
    let engine: FakeEngine
    let service: ResourceID
    let credential: ResourceID

    static func run(
        swarm: FakeSwarm = FakeSwarm(), watches: Bool = false, pace: LiveWatch.Pace = LiveWatch.Pace(),
        _ body: @escaping @Sendable (LivePlane) async throws -> Void
    ) async throws {
        try await FakeEngine.with(swarm: swarm) { engine in
            let test = try await TestPlane.inRealTime { StackPlanning(store: $0, clock: SystemClock()) }
            let context = test.plane.context
            let runner = JobRunner(
                store: test.store, handlers: DeploymentJobs.all(test.plane), logger: context.logger)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await runner.run() }
                if watches { group.addTask { await LiveWatch(context: context, pace: pace).run() } }
                let live = try await LivePlane(test: test, engine: engine)
                try await body(live)
                group.cancelAll()
            }
            await test.store.close()
        }
    }

    private init(test: TestPlane, engine: FakeEngine) async throws {
        (self.test, self.engine) = (test, engine)
        service = try await test.addService(at: engine.endpoint.description)
        credential = try await test.add(
            "credential",
            [
                "name": "fake key",
                "template": [
                    "href": "credential-template/infrastructure-service-swarm", "parent": .string(service.description),
                ],
            ])
    }

    /// A module of this Compose text, and a deployment of it that is at rest.
    func deployment(_ text: String, name: String = "shop", stack: String? = nil) async throws -> ResourceID {
        if try await test.resources.query("module", in: test.scope()).count == 0 {
            _ = try await test.add("module", ["subtype": "project", "path": "lab"])
        }
        let module = try await test.add(
            "module",
            [
                "subtype": "application", "path": .string("lab/" + test.plane.context.ids.makeUUID()),
                "name": .string(name), "content": ["author": "ada", "docker-compose": .string(text)],
            ])
        var body: JSONObject = [
            "module": ["href": .string(module.description)], "parent": .string(credential.description),
            "name": .string(name),
        ]
        body["stack-name"] = stack.map(JSONValue.string)
        return try await test.add("deployment", body)
    }

    /// Does an action that makes a job, and answers the job when it has ended.
    @discardableResult
    func work(_ action: String, on id: ResourceID, _ body: JSONObject = [:]) async throws -> JSONObject {
        let answer = try await test.resources.perform(action, on: id, body, in: test.scope())
        let job = try #require(TestPlane.operation(answer)?.location.flatMap { ResourceID($0) })
        for await _ in polls {
            let document = try await test.store.get(job)
            if ["SUCCESS", "FAILED", "CANCELED"].contains(document["state"]?.stringValue ?? "") {
                return document.body
            }
        }
        throw Missing("the end of \(job)")
    }

    /// Of the same user without a session: a stream ends with the session, and these tests have made none.
    var streaming: RequestScope { test.scope(.user("user/ada")) }

    func document(_ id: ResourceID) async throws -> JSONObject {
        try await test.resources.get(id, in: test.scope())
    }

    /// The document as soon as it is as wanted; a failed test when it never is.
    func document(
        _ id: ResourceID, where isWanted: (JSONObject) -> Bool, _ location: SourceLocation = #_sourceLocation
    ) async throws -> JSONObject {
        var last = JSONObject()
        for await _ in polls {
            last = try await document(id)
            if isWanted(last) { return last }
        }
        Issue.record("never as wanted: \(JSONValue.object(last).text())", sourceLocation: location)
        return last
    }

    func revisions(of id: ResourceID) async throws -> [JSONObject] {
        try await test.resources.query(
            "deployment-revision", QueryParameters(filters: ["parent='\(id)'"], orderBy: [.init("revision")]),
            in: test.scope()
        ).resources
    }

    /// Twenty times a second for twenty seconds.
    private var polls: AsyncStream<Void> {
        AsyncStream { continuation in
            let task = Task {
                // The stream's own pulse; ended with the stream.
                for _ in 0..<400 {
                    continuation.yield()
                    try? await Task.sleep(for: .milliseconds(50))
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }
}
