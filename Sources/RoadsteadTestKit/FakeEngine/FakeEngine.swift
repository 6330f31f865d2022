import DockerClient
import Foundation
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A Docker engine for tests: a real server on a socket or port that answers from a `FakeSwarm`, and before that from
/// whatever a test has scripted. Held to the real engine by `EngineContract`.
public final class FakeEngine: Sendable {
    public enum Listener: Sendable {
        /// In a temporary folder.
        case socket
        /// On 127.0.0.1, a port of the system's choice.
        case tcp
        /// At another address of this machine, as a second node of the same Swarm has it.
        case address(String, port: Int)
        /// The same with TLS; wants a certificate of clients when the configuration says so.
        case tls(TLSConfiguration)
    }

    /// Answers a request, or nil to leave it to the next.
    public typealias Script = @Sendable (FakeRequest) -> FakeReply?

    /// Where it listens, without a client's certificates.
    public let endpoint: EngineEndpoint
    public let swarm: FakeSwarm
    private let script: Mutex<Script?>
    private let seen = Mutex<[FakeRequest]>([])

    private init(endpoint: EngineEndpoint, swarm: FakeSwarm, script: Script?) {
        self.endpoint = endpoint
        self.swarm = swarm
        self.script = Mutex(script)
    }

    /// All requests so far.
    public var requests: [FakeRequest] { seen.withLock { $0 } }

    public func setScript(_ new: Script?) { script.withLock { $0 = new } }

    /// The port of a TCP or TLS engine.
    public var port: Int { Int(endpoint.description.split(separator: ":").last ?? "") ?? 0 }

    func reply(to request: FakeRequest) -> FakeReply {
        seen.withLock { $0.append(request) }
        if let reply = script.withLock({ $0 })?(request) { return reply }
        return swarm.reply(to: request)
    }

    /// Runs an engine while `body` runs.
    public static func with<Value: Sendable>(
        _ listener: Listener = .socket, swarm: FakeSwarm = FakeSwarm(), script: Script? = nil,
        _ body: @Sendable (FakeEngine) async throws -> Value
    ) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "fake-" + UUID().uuidString.prefix(8))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "e.sock").path
        let server = try await FakeServer.bind(listener, socket: path)
        let endpoint: EngineEndpoint =
            switch listener {
            case .socket: .unix(path)
            case .address(let host, let port): .tcp(host: host, port: port, tls: nil)
            case .tcp, .tls: .tcp(host: "127.0.0.1", port: server.channel.localAddress?.port ?? 0, tls: nil)
            }
        let engine = FakeEngine(endpoint: endpoint, swarm: swarm, script: script)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await FakeServer.serve(server, engine) }
            defer { group.cancelAll() }
            return try await body(engine)
        }
    }

    /// Runs an engine and a client of it while `body` runs.
    public static func withClient<Value: Sendable>(
        _ listener: Listener = .socket, swarm: FakeSwarm = FakeSwarm(), options: EngineOptions = EngineOptions(),
        script: Script? = nil, _ body: @Sendable (EngineClient, FakeEngine) async throws -> Value
    ) async throws -> Value {
        try await with(listener, swarm: swarm, script: script) { engine in
            let client = try EngineClient(endpoint: engine.endpoint, options: options, logger: Logger(label: "test"))
            do {
                let value = try await body(client, engine)
                await client.shutdown()
                return value
            } catch {
                await client.shutdown()
                throw error
            }
        }
    }
}
