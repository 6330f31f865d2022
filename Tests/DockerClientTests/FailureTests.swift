import DockerAPI
import Foundation
import Logging
import NIOCore
import NIOPosix
import RoadsteadTestKit
import Synchronization
import Testing

@testable import DockerClient

@Suite("Failures")
struct FailureTests {
    private func error(of endpoint: EngineEndpoint, _ options: EngineOptions = EngineOptions()) async throws
        -> EngineError?
    {
        let client = try EngineClient(endpoint: endpoint, options: options, logger: Logger(label: "test"))
        let error = await #expect(throws: EngineError.self) { try await client.services() }
        await client.shutdown()
        return error
    }

    @Test("no socket") func noSocket() async throws {
        let error = try await error(of: .unix("/nonexistent/docker.sock"))
        #expect(error?.kind == .unreachable)
        #expect(error?.message.contains("no such socket") == true)
        #expect(error?.endpoint == "unix:///nonexistent/docker.sock")
    }

    @Test("nothing listens") func refused() async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(
            host: "127.0.0.1", port: 0
        ).get()
        let port = try #require(server.localAddress?.port)
        try await server.close()
        let error = try await error(of: .tcp(host: "127.0.0.1", port: port, tls: nil))
        #expect(error?.kind == .unreachable)
        #expect(error?.message.contains("refused") == true, "\(String(describing: error))")
    }

    @Test("a name that does not exist") func noName() async throws {
        let error = try await error(of: .tcp(host: "no-such-host.invalid", port: 2375, tls: nil))
        #expect(error?.kind == .nameNotFound, "\(String(describing: error))")
        #expect(error?.message.contains("no-such-host.invalid") == true)
    }

    @Test("an engine that says nothing runs into the deadline") func silence() async throws {
        var options = EngineOptions()
        options.deadline = .milliseconds(200)
        try await FakeEngine.withClient(options: options, script: { _ in .silence }) { client, _ in
            let error = await #expect(throws: EngineError.self) { try await client.services() }
            #expect(error?.kind == .timeout)
        }
    }

    @Test("a body that trickles runs into the deadline, though its head came at once") func trickle() async throws {
        var options = EngineOptions()
        options.deadline = .milliseconds(300)
        let script: FakeEngine.Script = { request in
            guard request.path == "/services" else { return nil }
            return .stream(
                headers: [],
                AsyncStream {
                    try? await Task.sleep(for: .milliseconds(50))
                    return Task.isCancelled ? nil : [UInt8(ascii: " ")]
                })
        }
        try await FakeEngine.withClient(options: options, script: script) { client, _ in
            let error = await #expect(throws: EngineError.self) { try await client.services() }
            #expect(error?.kind == .timeout)
        }
    }

    @Test("an answer over the limit is not taken") func large() async throws {
        var options = EngineOptions()
        options.bodyLimit = 1000
        let script: FakeEngine.Script = { request in
            request.path == "/services"
                ? .whole(status: 200, headers: [], body: [UInt8](repeating: 32, count: 1001)) : nil
        }
        try await FakeEngine.withClient(options: options, script: script) { client, _ in
            let error = await #expect(throws: EngineError.self) { try await client.services() }
            #expect(error?.kind == .limitExceeded)
        }
    }

    @Test("an answer that is not the API's names the member, never the value") func wrongAnswer() async throws {
        let body = "[{\"ID\":\"a\",\"Version\":{\"Index\":\"hunter2\"},\"Spec\":{}}]"
        let script: FakeEngine.Script = { request in
            request.path == "/services" ? .whole(status: 200, headers: [], body: Array(body.utf8)) : nil
        }
        try await FakeEngine.withClient(script: script) { client, _ in
            let error = await #expect(throws: EngineError.self) { try await client.services() }
            #expect(error?.kind == .protocolViolation)
            #expect(error?.message.contains("Version.Index") == true, "\(String(describing: error))")
            #expect(error.map { "\($0)" }?.contains("hunter2") == false)
        }
    }

    @Test("a call that is cancelled ends as cancelled") func cancelled() async throws {
        try await FakeEngine.withClient(script: { $0.path == "/services" ? .silence : nil }) { client, _ in
            _ = try await client.nodes()
            let call = Task { try await client.services() }
            try await Task.sleep(for: .milliseconds(50))
            call.cancel()
            let error = await #expect(throws: EngineError.self) { try await call.value }
            #expect(error?.kind == .cancelled)
        }
    }

    @Test("a connection that the engine closed meanwhile is no failure of a call that reads") func staleConnection()
        async throws
    {
        try await FakeEngine.withClient { client, engine in
            _ = try await client.nodes()
            let first = Once()
            engine.setScript { _ in first.take() ? .raw([]) : nil }
            _ = try await client.nodes()
            #expect(engine.requests.filter { $0.path == "/nodes" }.count == 3)
        }
    }

    @Test("a call that changes something is never sent twice") func notTwice() async throws {
        try await FakeEngine.withClient { client, engine in
            _ = try await client.nodes()
            engine.setScript { _ in .raw([]) }
            let error = await #expect(throws: EngineError.self) {
                try await client.createService(ServiceSpec(name: "a"))
            }
            #expect(error?.kind == .unreachable, "\(String(describing: error))")
            #expect(engine.requests.filter { $0.path == "/services/create" }.count == 1)
        }
    }

    @Test("a worker says that another node has to be asked") func worker() async throws {
        try await FakeEngine.withClient(swarm: FakeSwarm(isManager: false)) { client, _ in
            let error = await #expect(throws: EngineError.self) { try await client.services() }
            #expect(error?.isNotSwarmManager == true)
            #expect(error?.status == 503)
            let (info, ping) = (try await client.info(), try await client.ping())
            #expect(info.swarm?.controlAvailable == false)
            #expect(ping.swarm == "active/worker")
        }
    }

    @Test("a client that nobody shut down harms nobody, and one that is shut down twice neither") func forgotten()
        async throws
    {
        try await FakeEngine.with { engine in
            do {
                let client = try EngineClient(endpoint: engine.endpoint, logger: Logger(label: "test"))
                _ = try await client.nodes()
            }
            let client = try EngineClient(endpoint: engine.endpoint, logger: Logger(label: "test"))
            await client.shutdown()
            await client.shutdown()
            let error = await #expect(throws: EngineError.self) { try await client.nodes() }
            #expect(error?.kind == .cancelled)
        }
    }

    @Test("an error says what was asked of whom") func description() {
        let error = EngineError(
            .engine(status: 409), "name taken", endpoint: "unix:///s", operation: "POST /services/create")
        #expect("\(error)" == "POST /services/create at unix:///s: 409: name taken")
    }
}

/// True the first time.
private final class Once: Sendable {
    private let isTaken = Atomic<Bool>(false)

    func take() -> Bool { isTaken.exchange(true, ordering: .relaxed) == false }
}
