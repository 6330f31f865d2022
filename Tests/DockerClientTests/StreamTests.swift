import DockerAPI
import DockerClient
import Foundation
import Logging
import NIOCore
import RoadsteadBasics
import RoadsteadTestKit
import Testing

@Suite("Streams")
struct StreamTests {
    @Test("many of them leave the ordinary calls their connections") func manyStreams() async throws {
        var options = EngineOptions()
        options.connections = 1
        options.connectTimeout = .seconds(120)
        // Long: the whole suite shares two cores with property tests, and a lack of connections would last for ever.
        options.deadline = .seconds(120)
        try await FakeEngine.withClient(options: options) { client, _ in
            let streams = try await withThrowingTaskGroup(of: EngineEventStream.self) { group in
                for _ in 0..<40 { group.addTask { try await client.events() } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(streams.count == 40)
            _ = try await client.createConfig(FileSpec(name: "a", data: Data("x".utf8)))
            for stream in streams {
                var iterator = stream.makeAsyncIterator()
                #expect(try await iterator.next()?.actor.attributes?["name"] == "a")
            }
        }
    }

    @Test("a line over 1 MiB ends the stream with an error") func longLine() async throws {
        let script: FakeEngine.Script = { request in
            guard request.path == "/events" else { return nil }
            return .stream(headers: [], AsyncStream { [UInt8](repeating: 32, count: 100_000) })
        }
        try await FakeEngine.withClient(script: script) { client, _ in
            let events = try await client.events()
            let error = await #expect(throws: EngineError.self) { for try await _ in events {} }
            #expect(error?.kind == .limitExceeded)
        }
    }

    @Test("a line that is no event ends the stream with an error") func wrongLine() async throws {
        let script: FakeEngine.Script = { request in
            request.path == "/events" ? .whole(status: 200, headers: [], body: Array("\r\n{\"Type\":1}\n".utf8)) : nil
        }
        try await FakeEngine.withClient(script: script) { client, _ in
            let events = try await client.events()
            let error = await #expect(throws: EngineError.self) { for try await _ in events {} }
            #expect(error?.kind == .protocolViolation)
        }
    }

    @Test("an engine that dies in the middle is an error, not an end") func broken() async throws {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"
        try await FakeEngine.withClient(script: { $0.path == "/events" ? .raw(Array(head.utf8)) : nil }) { client, _ in
            let events = try await client.events()
            let error = await #expect(throws: EngineError.self) { for try await _ in events {} }
            #expect(error?.kind == .unreachable || error?.kind == .protocolViolation, "\(String(describing: error))")
        }
    }

    @Test("a refused stream is the engine's error in its own words") func refused() async throws {
        let script: FakeEngine.Script = { request in
            request.path.hasSuffix("/logs") ? .error(501, "configured logging driver does not support reading") : nil
        }
        try await FakeEngine.withClient(script: script) { client, _ in
            let id = try await client.createService(ServiceSpec(name: "web")).id
            let error = await #expect(throws: EngineError.self) { try await client.serviceLogs(id) }
            #expect(error?.status == 501)
            #expect(error?.message == "configured logging driver does not support reading")
        }
    }

    @Test("a log that is said to be framed and is not is a violation") func notFramed() async throws {
        let script: FakeEngine.Script = { request in
            request.path.hasSuffix("/logs") ? .whole(status: 200, headers: [], body: Array("plain text\n".utf8)) : nil
        }
        try await FakeEngine.withClient(script: script) { client, _ in
            let id = try await client.createService(ServiceSpec(name: "web")).id
            let log = try await client.serviceLogs(id)
            let error = await #expect(throws: EngineError.self) { for try await _ in log {} }
            #expect(error?.kind == .protocolViolation)
        }
    }

    @Test("a log's options go out as the engine reads them") func options() async throws {
        try await FakeEngine.withClient { client, engine in
            let id = try await client.createService(ServiceSpec(name: "web")).id
            let since = Instant(millisecondsSinceEpoch: 1500)
            let log = try await client.serviceLogs(id, LogOptions(follow: true, stderr: false, since: since, tail: 5))
            for try await _ in log {}
            let query = try #require(engine.requests.last?.query)
            #expect(query["follow"] == "true" && query["stdout"] == "true" && query["stderr"] == "false")
            #expect(query["since"] == "1.500" && query["tail"] == "5" && query["details"] == "true")
        }
    }

    @Test("a command that writes more than is taken is an error") func execLimit() async throws {
        try await FakeEngine.withClient { client, _ in
            let id = try await client.createContainer(ContainerConfig(image: "busybox:1", cmd: ["sleep", "9"]))
            try await client.startContainer(id)
            let error = await #expect(throws: EngineError.self) {
                try await client.run(in: id, ExecCreate(["echo", "0123456789"]), limit: 5)
            }
            #expect(error?.kind == .limitExceeded)
        }
    }

    @Test("a command's caller may throw an error of its own") func ownError() async throws {
        struct Mine: Error {}
        try await FakeEngine.withClient { client, _ in
            let id = try await client.createContainer(ContainerConfig(image: "busybox:1", cmd: ["sleep", "9"]))
            await #expect(throws: Mine.self) {
                _ = try await client.exec(in: id, ExecCreate(["cat"], attachStdin: true)) { _ in throw Mine() }
            }
        }
    }

    @Test("a command on a TTY is told its size") func resize() async throws {
        try await FakeEngine.withClient { client, engine in
            let id = try await client.createContainer(ContainerConfig(image: "busybox:1", cmd: ["sleep", "9"]))
            _ = try await client.exec(in: id, ExecCreate(["cat"], tty: true, attachStdin: true)) { session in
                try await session.resize(rows: 50, columns: 132)
                session.finishInput()
                for try await _ in session.output {}
            }
            let request = try #require(engine.requests.first { $0.path.hasSuffix("/resize") })
            #expect(request.query == ["h": "50", "w": "132"])
        }
    }

    @Test("a hijack that the engine never answers runs into the deadline") func silentHijack() async throws {
        try await FakeEngine.withClient(
            script: { $0.path.hasSuffix("/start") && $0.path.hasPrefix("/exec") ? .silence : nil }
        ) { client, engine in
            let id = try await client.createContainer(ContainerConfig(image: "busybox:1", cmd: ["sleep", "9"]))
            // A client of its own: on a busy machine the other calls take longer than it has patience.
            var options = EngineOptions()
            options.deadline = .seconds(3)
            let hasty = try EngineClient(endpoint: engine.endpoint, options: options, logger: Logger(label: "test"))
            let error = await #expect(throws: EngineError.self) { try await hasty.run(in: id, ExecCreate(["true"])) }
            await hasty.shutdown()
            #expect(error?.kind == .timeout, "\(String(describing: error))")
        }
    }
}
