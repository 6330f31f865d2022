import AsyncHTTPClient
import DockerAPI
import DockerClient
import Logging
import NIOCore
import NIOHTTP1
import RoadsteadBasics
import RoadsteadClient
import RoadsteadModel
import RoadsteadTestKit
import Testing

/// Logs and consoles of a deployment over the wire, with our own client, against the fake engine.
@Suite struct DeploymentStreamTests {
    private struct Setting: Sendable {
        let server: TestServer
        let engine: FakeEngine
        let cookie: String
        let deployment: ResourceID

        func client() throws -> APIClient {
            let token = String(cookie.split(separator: "=", maxSplits: 1).last ?? "")
            return try APIClient(
                server: ServerAddress(isSecure: false, host: "127.0.0.1", port: server.port), session: Redacted(token))
        }
    }

    /// A deployment that is up, whose only task is in the container `box`.
    private func run(_ body: @escaping @Sendable (Setting) async throws -> Void) async throws {
        let swarm = FakeSwarm { _, task in
            var task = task
            task.status.containerStatus = TaskStatus.ContainerStatus(containerID: "box")
            return task
        }
        try await FakeEngine.withClient(swarm: swarm) { client, engine in
            _ = try await client.createContainer(ContainerConfig(image: "busybox:1", cmd: ["sleep", "9"]), name: "box")
            let endpoint = engine.endpoint.description
            try await TestServer.run(letsUsersUseThisMachine: true) { server in
                let cookie = try await server.user("ada")
                let id = try await deployment(on: endpoint, server, cookie)
                try await body(
                    Setting(
                        server: server, engine: engine, cookie: cookie, deployment: try #require(ResourceID(id))))
            }
        }
    }

    private func deployment(on endpoint: String, _ server: TestServer, _ cookie: String) async throws -> String {
        let service = try await server.add(
            "infrastructure-service",
            """
            {"name":"fake","template":{"href":"infrastructure-service-template/generic","subtype":"swarm",\
            "endpoint":"\(endpoint)"}}
            """, cookie: cookie)
        let credential = try await server.add(
            "credential",
            """
            {"name":"fake","template":{"href":"credential-template/infrastructure-service-swarm","parent":"\(service)"}}
            """, cookie: cookie)
        _ = try await server.add("module", #"{"subtype":"project","path":"lab"}"#, cookie: cookie)
        let text = "services: {web: {image: 'busybox:1', command: 'echo hello there'}}"
        let module = try await server.add(
            "module",
            """
            {"subtype":"application","path":"lab/web","name":"web","content":{"author":"a","docker-compose":"\(text)",\
            "urls":[["site","http://${hostname}/"],["never","http://${web.tcp.80}/"]]}}
            """, cookie: cookie)
        let id = try await server.add(
            "deployment", #"{"module":{"href":"\#(module)"},"parent":"\#(credential)","stack-name":"shop"}"#,
            cookie: cookie)
        let started = try await server.send(.POST, "/api/\(id)/start", cookie: cookie)
        #expect(started.status == 202, "\(started.text)")
        for _ in 0..<400 {
            if try await server.send(.GET, "/api/\(id)", cookie: cookie).json["state"] == "STARTED" { return id }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw RoadsteadError(.timeout, "the deployment did not start")
    }

    @Test("log lines come as events, to the client, and as a file")
    func logs() async throws {
        try await run { setting in
            let client = try setting.client()
            let lines = Shared<[JSONObject]>([])
            try await client.logs(of: setting.deployment, LogSelection(services: ["web"])) { line in
                lines.change { $0.append(line) }
            }
            #expect(lines.value.map { $0["text"] } == ["hello there"])
            #expect(lines.value.first?["service"] == "web" && lines.value.first?["node"] == "fake")
            do {
                try await client.logs(of: setting.deployment, LogSelection(services: ["nothing"])) { _ in }
                Issue.record("no error")
            } catch let error as RoadsteadError {
                #expect(error.code == .notFound && error.message.contains("there are: web"))
            }
            await client.shutdown()
            let file = try await setting.server.send(
                .GET, "/api/\(setting.deployment)/stream/logs", cookie: setting.cookie,
                headers: ["accept": "text/plain"])
            #expect(file.text == "2026-01-02T03:04:05.123Z web.1@fake | hello there\n")
            let wrong = try await setting.server.send(
                .GET, "/api/\(setting.deployment)/stream/logs?tail=x", cookie: setting.cookie)
            #expect(wrong.status == 400 && wrong.text.contains("tail=x"))
        }
    }

    @Test("a reader that goes ends the sources of a silent stream")
    func departure() async throws {
        try await run { setting in
            let (isOpen, isEnded) = (Shared(false), Shared(false))
            setting.engine.setScript { request in
                guard request.path.hasSuffix("/logs") else { return nil }
                return Self.silence(isOpen, isEnded)
            }
            let (port, path, cookie) = (setting.server.port, "/api/\(setting.deployment)/stream/logs", setting.cookie)
            let reader = Task {
                var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)?follow=true")
                request.headers = ["cookie": cookie, "accept": "text/plain"]
                let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
                for try await _ in response.body {}
            }
            for _ in 0..<400 where !isOpen.value { try await Task.sleep(for: .milliseconds(25)) }
            #expect(isOpen.value && !isEnded.value)
            reader.cancel()
            for _ in 0..<400 where !isEnded.value { try await Task.sleep(for: .milliseconds(25)) }
            #expect(isEnded.value)
        }
    }

    /// A log whose first line never ends: bytes come, and nothing can be told of them.
    private static func silence(_ isOpen: Shared<Bool>, _ isEnded: Shared<Bool>) -> FakeReply {
        .stream(
            headers: [],
            AsyncStream { output in
                output.onTermination = { _ in isEnded.change { $0 = true } }
                isOpen.change { $0 = true }
                output.yield([1, 0, 0, 0, 0, 16, 0, 0])
                Task {
                    while !isEnded.value {
                        output.yield([120])
                        try await Task.sleep(for: .milliseconds(20))
                    }
                }
            })
    }

    @Test("statistics have no form as text, and say so")
    func statsAsText() async throws {
        try await run { setting in
            let path = "/api/\(setting.deployment)/stream/stats"
            let refused = try await setting.server.send(
                .GET, path, cookie: setting.cookie, headers: ["accept": "text/plain"])
            #expect(refused.status == 406 && refused.text.contains("text/event-stream"), "\(refused.text)")
        }
    }

    @Test("the addresses of a deployment are told with what is known put in")
    func urls() async throws {
        try await run { setting in
            let answer = try await setting.server.send(
                .POST, "/api/\(setting.deployment)/urls", cookie: setting.cookie)
            #expect(answer.json == ["urls": [["label": "site", "url": "http://localhost/"]]], "\(answer.text)")
        }
    }

    @Test("a console carries input, output and the exit code, and is told in the audit trail")
    func console() async throws {
        try await run { setting in
            let client = try setting.client()
            let (input, feed) = AsyncStream.makeStream(of: ConsoleInput.self)
            let output = Shared<[UInt8]>([])
            feed.yield(.resize(rows: 40, columns: 100))
            feed.yield(.bytes(Array("typed".utf8)))
            feed.yield(.end)
            let code = try await client.console(
                of: setting.deployment,
                ConsoleCommand(task: "web.1", command: ["sh", "-c", "echo first; cat; exit 3"]),
                input: input
            ) { bytes in output.change { $0 += bytes } }
            #expect(code == 3)
            #expect(String(decoding: output.value, as: UTF8.self) == "first\ntyped")
            await client.shutdown()
            let events = try await setting.server.send(
                .GET, "/api/event?filter=name=%27deployment.exec%27", cookie: setting.cookie)
            let event = try #require(events.json["resources"]?.arrayValue?.first)
            #expect(event["description"]?.stringValue?.contains("exec sh in web.1 on fake") == true)
            #expect(!event.text().contains("first"), "what was asked for in detail may be secret")
        }
    }

    @Test("a console is refused in words and statuses: no WebSocket, no such task, no right, a page of another site")
    func refusals() async throws {
        try await run { setting in
            let path = "/api/\(setting.deployment)/stream/exec"
            let plain = try await setting.server.send(.GET, path + "?task=web", cookie: setting.cookie)
            #expect(plain.status == 426)
            #expect(try await setting.server.send(.GET, path, cookie: setting.cookie).status == 400)
            let other = try await setting.server.user("bob")
            let client = try setting.client()
            let foreign = try Setting(
                server: setting.server, engine: setting.engine, cookie: other, deployment: setting.deployment
            ).client()
            let (input, feed) = AsyncStream.makeStream(of: ConsoleInput.self)
            feed.finish()
            for (asker, task, expected) in [
                (client, "nothing", RoadsteadError.Code.notFound), (foreign, "web.1", .forbidden),
            ] {
                do {
                    _ = try await asker.console(of: setting.deployment, ConsoleCommand(task: task), input: input) { _ in
                    }
                    Issue.record("no error for \(task)")
                } catch let error as RoadsteadError { #expect(error.code == expected, "\(error)") }
            }
            await client.shutdown()
            await foreign.shutdown()
            let page = try await setting.server.send(
                .GET, path + "?task=web.1", cookie: setting.cookie,
                headers: [
                    "connection": "upgrade", "upgrade": "websocket", "sec-websocket-version": "13",
                    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==", "origin": "https://evil.example",
                ])
            #expect(page.status == 403, "\(page.text)")
        }
    }
}
