import Logging
import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel
import RoadsteadStore
import RoadsteadTestKit
import Testing

/// A control plane on a store in memory, with time and ids that the test owns, and two users.
struct TestPlane {
    let plane: ControlPlane
    let clock: FixedClock

    static let ada = Requester.user("user/ada", session: "session/ada")
    static let bob = Requester.user("user/bob", session: "session/bob")

    static func make(localEndpoints: LocalEndpointPolicy = .administrators) async throws -> TestPlane {
        let clock = FixedClock()
        let ids = SequenceIDs()
        let context = ControlContext(
            store: try await DocumentStore.forTests(clock: clock, ids: ids), clock: clock, ids: ids,
            hasher: PasswordHasher(cost: .cheapForTests), localEndpoints: localEndpoints, logger: Logger(label: "test"))
        return TestPlane(plane: ControlPlane(context: context, planner: EchoPlanner()), clock: clock)
    }

    /// In real time, for a job runner beside it; logs nothing.
    static func inRealTime(_ planner: (DocumentStore) -> any DeploymentPlanning) async throws -> TestPlane {
        let store = try await DocumentStore.forTests(clock: SystemClock(), ids: SystemIDSource())
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let context = ControlContext(
            store: store, clock: SystemClock(), ids: SystemIDSource(), hasher: PasswordHasher(cost: .cheapForTests),
            localEndpoints: .everybody, logger: logger)
        return TestPlane(plane: ControlPlane(context: context, planner: planner(store)), clock: FixedClock())
    }

    var resources: ResourceService { plane.resources }
    var store: DocumentStore { plane.context.store }

    func scope(_ requester: Requester = TestPlane.ada) -> RequestScope {
        RequestScope(context: plane.context, by: requester)
    }

    /// Adds and returns the id.
    func add(_ type: String, _ body: JSONObject, by requester: Requester = TestPlane.ada) async throws -> ResourceID {
        let answer = try await resources.add(type, body, in: scope(requester))
        return try #require(Self.operation(answer)?.resourceID.flatMap { ResourceID($0) })
    }

    static func operation(_ answer: ResourceAnswer) -> OperationAnswer? {
        if case .operation(let operation) = answer.content { operation } else { nil }
    }

    static func document(_ answer: ResourceAnswer) -> JSONObject? {
        if case .document(let document) = answer.content { document } else { nil }
    }

    func addService(
        _ subtype: String = "swarm", at endpoint: String = "https://203.0.113.9:2376",
        by requester: Requester = TestPlane.ada
    ) async throws -> ResourceID {
        try await add(
            "infrastructure-service",
            [
                "name": "lab",
                "template": [
                    "href": "infrastructure-service-template/generic", "subtype": .string(subtype),
                    "endpoint": .string(endpoint),
                ],
            ], by: requester)
    }

    func addCredential(on service: ResourceID, by requester: Requester = TestPlane.ada) async throws -> ResourceID {
        try await add(
            "credential",
            [
                "name": "lab key",
                "template": [
                    "href": "credential-template/infrastructure-service-swarm", "ca": "CA", "cert": "CERT",
                    "key": "very secret key", "parent": .string(service.description),
                ],
            ], by: requester)
    }

    func addApplication(by requester: Requester = TestPlane.ada) async throws -> ResourceID {
        _ = try await add("module", ["subtype": "project", "path": "lab"], by: requester)
        return try await add(
            "module",
            [
                "subtype": "application", "path": "lab/web", "name": "web",
                "content": [
                    "author": "ada", "commit": "first", "docker-compose": "services: {web: {image: x}}",
                    "environmental-variables": [["name": "TITLE", "value": "hello"], ["name": "EMPTY", "value": ""]],
                    "files": [["file-name": "page.html", "file-content": "<h1>hi</h1>"]],
                ],
            ], by: requester)
    }

    /// What an error says, or a failed test when nothing was thrown.
    func failure(_ body: () async throws -> Void, _ location: SourceLocation = #_sourceLocation) async -> RoadsteadError
    {
        do { try await body() } catch let error as RoadsteadError { return error } catch {
            Issue.record("not a RoadsteadError: \(error)", sourceLocation: location)
            return RoadsteadError(.internal, "\(error)")
        }
        Issue.record("nothing was thrown", sourceLocation: location)
        return RoadsteadError(.internal, "nothing was thrown")
    }
}

/// Answers with what it was asked about.
struct EchoPlanner: DeploymentPlanning {
    func plan(
        _ deployment: StoredDocument, choices: DeploymentChoices, logger: Logger
    ) async throws -> JSONValue { .object(deployment.body) }
}

/// Something that a test needs did not come.
struct Missing: Error {
    let what: String

    init(_ what: String) { self.what = what }
}
