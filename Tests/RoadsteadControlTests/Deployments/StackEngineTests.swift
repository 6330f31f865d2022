import DockerAPI
import DockerClient
import Foundation
import Logging
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

/// The stack engine against a Swarm that is played; the lab has real ones.
@Suite struct StackEngineTests {
    private static let stack = "shop"

    private static func desired(_ text: String, files: [String: String] = [:]) throws -> DesiredStack {
        try ComposeReader.desiredStack(
            ComposeInput(
                sources: [ComposeSource(path: "/compose.yaml", text: text)],
                reader: MemoryFileReader(
                    files: Dictionary(uniqueKeysWithValues: files.map { ("/" + $0, Array($1.utf8)) })),
                workingDirectory: "/"), stackName: stack)
    }

    private static func engine(_ client: EngineClient) -> StackEngine {
        StackEngine(
            engine: client, logger: Logger(label: "test"),
            pace: StackEngine.Pace(first: .milliseconds(5), later: .milliseconds(20)))
    }

    private static let options = StackOptions(prune: .everything, timeout: .seconds(30))

    @discardableResult
    private static func deploy(_ desired: DesiredStack, _ engine: StackEngine) async throws -> PreparedStack {
        let prepared = try await engine.plan(desired, options: options)
        let applied = try await engine.apply(prepared)
        try #require(applied.failures.isEmpty)
        _ = try await engine.prune(prepared)
        return prepared
    }

    private static func web(image: String = "busybox:1", replicas: Int = 1) -> String {
        """
        services:
          web:
            image: \(image)
            configs: [page]
            secrets: [token]
            deploy: {replicas: \(replicas)}
        configs: {page: {file: ./page}}
        secrets: {token: {file: ./token}}
        """
    }

    // MARK: - Revisions

    @Test("a rollback to any of five revisions brings the specs back to the last byte, with contents and digests")
    func fiveRevisions() async throws {
        try await FakeEngine.withClient { client, _ in
            let engine = Self.engine(client)
            var revisions: [(revision: StackRevision, spec: JSONValue)] = []
            for number in 1...5 {
                let text = Self.web(image: "busybox:\(1 + number % 2)", replicas: number)
                let prepared = try await Self.deploy(
                    try Self.desired(text, files: ["page": "page \(number)", "token": "token \(number)"]), engine)
                revisions.append((StackRevision(prepared.desired), try await Self.spec(client)))
            }
            for index in [0, 3, 1, 4, 2] {
                let (revision, spec) = revisions[index]
                let json = try #require(try JSONValue.parse(JSONValue.object(revision.json()).text()).objectValue)
                let read = try StackRevision(json: json, secrets: revision.secretContents)
                try await Self.deploy(DesiredStack(read), engine)
                let now = try await Self.spec(client)
                #expect(now == spec, "revision \(index + 1): \(now.text(.pretty)) instead of \(spec.text(.pretty))")
                #expect(try await engine.plan(DesiredStack(read), options: Self.options).plan.hasNoChange)
            }
        }
    }

    /// Ids of objects that were made anew differ; their names and contents do not.
    private static func spec(_ client: EngineClient) async throws -> JSONValue {
        var spec = try await client.service("shop_web").spec
        spec.taskTemplate.containerSpec?.configs?[0].configID = nil
        spec.taskTemplate.containerSpec?.secrets?[0].secretID = nil
        return try JSONValue.parse([UInt8](try JSONEncoder().encode(spec)))
    }

    @Test("contents rotate, the engine is only asked, and the last three stay")
    func rotates() async throws {
        try await FakeEngine.withClient { client, fake in
            let engine = Self.engine(client)
            for number in [1, 2, 1, 3, 4, 5, 6] {
                try await Self.deploy(
                    try Self.desired(Self.web(), files: ["page": "page \(number)", "token": "token \(number)"]), engine)
            }
            let secrets = try await client.secrets().map(\.spec.name).sorted()
            #expect(secrets == ["shop_token_3", "shop_token_4", "shop_token_5", "shop_token_6"])
            #expect(try await client.configs().count == 4)
            let service = try await client.service("shop_web").spec
            #expect(service.taskTemplate.containerSpec?.secrets?.map(\.secretName) == ["shop_token_6"])
            let index = try await client.secret("shop_token_6").version
            let again = try await engine.plan(
                try Self.desired(Self.web(), files: ["page": "page 6", "token": "token 6"]), options: Self.options)
            #expect(again.plan.hasNoChange)
            #expect(try await client.secret("shop_token_6").version == index)
            #expect(!fake.requests.contains { $0.path.contains("token 6") })
        }
    }

    // MARK: - Registries

    @Test("an image that the registry does not have is refused before anything is made")
    func refusesMissingImage() async throws {
        try await FakeEngine.withClient { client, _ in
            let engine = Self.engine(client)
            let text = "services: {web: {image: 'nowhere:1'}, other: {image: 'busybox:1'}}"
            let error = await #expect(throws: RoadsteadError.self) {
                _ = try await engine.plan(try Self.desired(text), options: Self.options)
            }
            #expect(error?.code == .forbidden)
            #expect(error?.message.contains("nowhere:1") == true)
            #expect(error?.message.contains("denied: requested access") == true)
            #expect(error?.context["image"] == "nowhere:1")
            let services = try await client.services().map(\.id)
            let networks = try await client.networks(["scope": ["swarm"]]).map(\.name)
            #expect(services == [])
            #expect(networks == [])
        }
    }

    @Test(
        "what a registry says is told for what it is",
        arguments: [
            (404, "manifest unknown: manifest unknown", RoadsteadError.Code.notFound),
            (500, "Head \"https://r/v2/\": no basic auth credentials", .forbidden),
            (500, "Get \"https://r/v2/\": dial tcp 10.0.0.1:443: connect: connection refused", .unavailable),
        ])
    func registryWords(status: Int, words: String, code: RoadsteadError.Code) async throws {
        let script: FakeEngine.Script = { $0.path.hasPrefix("/distribution") ? .error(status, words) : nil }
        try await FakeEngine.withClient(swarm: FakeSwarm(images: []), script: script) { client, _ in
            let error = await #expect(throws: RoadsteadError.self) {
                _ = try await Self.engine(client).plan(
                    try Self.desired("services: {web: {image: 'r.example/a:1'}}"), options: Self.options)
            }
            #expect(error?.code == code)
            #expect(error?.message.contains(words) == true)
        }
    }

    @Test("an image that was built on the engine needs no registry, and is warned about")
    func homemade() async throws {
        let script: FakeEngine.Script = { request in
            request.path.hasPrefix("/distribution") ? .error(404, "manifest unknown") : nil
        }
        try await FakeEngine.withClient(script: script) { client, _ in
            let prepared = try await Self.engine(client).plan(
                try Self.desired("services: {web: {image: 'busybox:1'}}"), options: Self.options)
            #expect(prepared.plan.warnings.contains { $0.contains("busybox:1") })
        }
    }

    // MARK: - Dependencies

    private static func chain() throws -> DesiredStack {
        var desired = try desired(
            "services: {app: {image: 'busybox:1'}, db: {image: 'busybox:1'}, side: {image: 'busybox:1'}, "
                + "web: {image: 'busybox:1'}}")
        desired.services[0].dependencies = [ServiceDependency(key: "db", condition: .healthy)]
        desired.services[3].dependencies = [ServiceDependency(key: "app")]
        return desired
    }

    @Test("services are created after those that they wait for")
    func order() async throws {
        try await FakeEngine.withClient { client, fake in
            try await Self.deploy(try Self.chain(), Self.engine(client))
            let names = fake.requests.filter { $0.path == "/services/create" }
                .compactMap { $0.decode(ServiceSpec.self)?.name }
            #expect(Set(names.prefix(2)) == ["shop_db", "shop_side"])
            #expect(names.suffix(2) == ["shop_app", "shop_web"])
        }
    }

    @Test("a dependency that fails withholds what waits for it, and nothing else; the verdict names both")
    func failedDependency() async throws {
        let swarm = FakeSwarm { service, task in
            guard service.spec.name == "shop_db" else { return task }
            var task = task
            (task.desiredState, task.status.state) = (.shutdown, .rejected)
            task.status.error = "invalid mount config"
            return task
        }
        try await FakeEngine.withClient(swarm: swarm) { client, _ in
            let engine = Self.engine(client)
            var desired = try Self.chain()
            desired.services[1].spec.taskTemplate.restartPolicy = RestartPolicy(condition: "none")
            let prepared = try await engine.plan(desired, options: Self.options)
            let applied = try await engine.apply(prepared)
            #expect(applied.services.map(\.key) == ["db", "side"])
            #expect(applied.failures.map(\.service).sorted() == ["app", "db", "web"])
            #expect(AppliedStack(json: applied.json()) == applied)
            let verdict = try await engine.watch(
                applied, timeout: .seconds(20), rules: VerdictRules(stability: .zero, afterFailure: .zero))
            #expect(verdict.outcomeName == "failed")
            #expect(verdict.failures.first { $0.service == "db" }?.taskError == "invalid mount config")
            #expect(
                verdict.failures.filter { $0.reason == .dependencyFailed }.map(\.service).sorted() == ["app", "web"])
        }
    }

    // MARK: - Actions

    @Test("services are scaled, restarted and rolled back by name, and unknown ones are refused by name")
    func actions() async throws {
        try await FakeEngine.withClient { client, _ in
            let engine = Self.engine(client)
            try await Self.deploy(try Self.desired("services: {web: {image: 'busybox:1'}}"), engine)
            let scaled = try await engine.scale(stack: "shop", ["web": 3])
            #expect(scaled.services.map(\.change) == [.updated])
            #expect(try await client.service("shop_web").spec.mode == .replicated(3))
            _ = try await engine.restart(stack: "shop")
            #expect(try await client.service("shop_web").spec.taskTemplate.forceUpdate == 1)
            _ = try await engine.rollBack(stack: "shop", services: ["web"])
            #expect(try await client.service("shop_web").spec.taskTemplate.forceUpdate ?? 0 == 0)
            for names in [["nobody"], ["web", "nobody"]] {
                let error = await #expect(throws: RoadsteadError.self) {
                    _ = try await engine.restart(stack: "shop", services: names)
                }
                #expect(error?.code == .notFound)
            }
            let none = await #expect(throws: RoadsteadError.self) { _ = try await engine.restart(stack: "none") }
            #expect(none?.code == .notFound)
        }
    }

    @Test("a network is made anew with the services on it")
    func recreates() async throws {
        try await FakeEngine.withClient { client, _ in
            let engine = Self.engine(client)
            let text = "services: {web: {image: 'busybox:1', networks: [n]}}\nnetworks: {n: {attachable: false}}"
            try await Self.deploy(try Self.desired(text), engine)
            let before = try await client.service("shop_web").id
            var options = Self.options
            options.recreate = ["shop_n"]
            let prepared = try await engine.plan(
                try Self.desired(text.replacing("false", with: "true")), options: options)
            #expect(prepared.plan.steps.map(\.action.name) == ["recreate", "recreate"])
            let applied = try await engine.apply(prepared)
            #expect(applied.services.map(\.change) == [.created])
            #expect(try await client.network("shop_n").attachable == true)
            #expect(try await client.service("shop_web").id != before)
        }
    }

    @Test("logins go along with every update, and to a service that is as it was when they are new")
    func newLogin() async throws {
        try await FakeEngine.withClient { client, fake in
            let engine = Self.engine(client)
            let text = "services: {web: {image: 'busybox:1'}}"
            try await Self.deploy(try Self.desired(text), engine)
            func updates() -> [FakeRequest] { fake.requests.filter { $0.path.hasSuffix("/update") } }
            let auth = RegistryAuth(username: "ada", password: Redacted("hush"), serverAddress: "docker.io")
            var options = Self.options
            options.registryAuths = ["docker.io": auth]
            func apply() async throws -> AppliedStack {
                try await engine.apply(try await engine.plan(try Self.desired(text), options: options))
            }
            options.lastLogins = options.loginMarks
            _ = try await apply()
            #expect(updates().isEmpty)
            options.lastLogins = [:]
            let applied = try await apply()
            #expect(applied.services.map(\.change) == [.unchanged])
            #expect(updates().map { $0.headers["x-registry-auth"]?.isEmpty } == [false])
            // An update that replaces no task takes the login along, too.
            options.lastLogins = options.loginMarks
            let scaled = try Self.desired(text.replacing("busybox:1'", with: "busybox:1', deploy: {replicas: 2}"))
            _ = try await engine.apply(try await engine.plan(scaled, options: options))
            #expect(updates().map { $0.headers["x-registry-auth"]?.isEmpty } == [false, false])
        }
    }

    @Test("a stack is adopted as a file whose plan changes nothing")
    func adopts() async throws {
        try await FakeEngine.withClient { client, _ in
            let engine = Self.engine(client)
            try await Self.deploy(
                try Self.desired(Self.web(), files: ["page": "hello", "token": "hush"]), engine)
            let adopted = try await engine.adopt(stack: "shop")
            #expect(adopted.plan.hasNoChange, "\(adopted.plan.lines())\n\(adopted.adoption.text)")
            #expect(adopted.adoption.files == ["configs/page": Data("hello".utf8)])
        }
    }

    @Test("a volume whose last container is just being taken away is waited for; one that stays in use is told")
    func volumesInUse() async throws {
        try await FakeEngine.withClient { client, fake in
            let engine = Self.engine(client)
            try await Self.deploy(
                try Self.desired("services: {web: {image: 'busybox:1', volumes: ['data:/d']}}\nvolumes: {data: {}}"),
                engine)
            _ = try await engine.remove(stack: Self.stack)
            let refusals = Shared(Int.max)
            fake.setScript { request in
                guard request.method == "DELETE",
                    refusals.change({
                        $0 -= 1; return $0 >= 0
                    })
                else { return nil }
                return .error(409, "remove shop_data: volume is in use - [c1]")
            }
            let error = await #expect(throws: RoadsteadError.self) {
                try await engine.removeVolumes(stack: Self.stack, patience: .milliseconds(200))
            }
            #expect(error?.code == .timeout && error?.message.contains("volume shop_data is still in use") == true)
            refusals.change { $0 = 2 }
            #expect(try await engine.removeVolumes(stack: Self.stack) == ["shop_data"])
            #expect(refusals.value < 0)
        }
    }
}
