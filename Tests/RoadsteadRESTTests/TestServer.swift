import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import RoadsteadBasics
import RoadsteadControl
import RoadsteadREST
import RoadsteadServer
import RoadsteadTestKit
import Testing

/// The whole server on a free port of this machine, and a plain HTTP client beside it.
struct TestServer {
    let port: Int
    let directory: String
    let client: HTTPClient

    static let password = "Admin-pass-1"

    /// Starts a server on an empty data directory, runs `body`, and stops the server in good order.
    static func run(
        trusting proxies: String..., clock: any WallClock = SystemClock(),
        letsUsersUseThisMachine: Bool = false,
        body: @Sendable @escaping (TestServer) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.run { folder in
            var configuration = try Self.configuration(folder.file("data"))
            configuration.trustedProxies = try proxies.map { try CIDR($0) }
            configuration.localEndpoints = letsUsersUseThisMachine ? .everybody : .administrators
            try await run(configuration, clock: clock) { port in
                let server = TestServer(port: port, directory: folder.file("data"), client: HTTPClient.shared)
                try await body(server)
            }
        }
    }

    static func configuration(
        _ directory: String, listen: String = "127.0.0.1:0"
    ) throws -> ServerConfiguration {
        try ServerConfiguration(
            dataDirectory: directory, listen: listen, environment: ["ROADSTEAD_ADMIN_PASSWORD": password])
    }

    static func run(
        _ configuration: ServerConfiguration, clock: any WallClock = SystemClock(),
        _ body: @Sendable @escaping (Int) async throws -> Void
    ) async throws {
        let (ports, started) = AsyncStream.makeStream(of: Int.self)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = RoadsteadServer(
            configuration: configuration, hashing: .cheapForTests, clock: clock, logger: logger)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                defer { started.finish() }
                try await server.run(handlesSignals: false) { started.yield($0.port) }
                return false
            }
            group.addTask {
                for await port in ports {
                    try await body(port)
                    return true
                }
                return false
            }
            // A server that never listened ends with its error, whichever of the two tasks is heard first.
            while let hasRun = try await group.next() { if hasRun { break } }
            group.cancelAll()
            // How a cancelled server ends is not what these tests are about.
            while let end = await group.nextResult() { _ = end }
        }
    }

    struct Answer {
        let status: Int
        let headers: HTTPHeaders
        let text: String

        var json: JSONValue { (try? JSONValue.parse(text)) ?? .null }
    }

    func send(
        _ method: HTTPMethod, _ path: String, _ body: String? = nil, cookie: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = method
        if let cookie { request.headers.add(name: "cookie", value: cookie) }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await client.execute(request, timeout: .seconds(30))
        let bytes = try await response.body.collect(upTo: 1 << 24)
        return Answer(status: Int(response.status.code), headers: response.headers, text: String(buffer: bytes))
    }

    /// Logs the administrator in and returns the cookie as a request carries it.
    func login() async throws -> String {
        let body =
            #"{"template":{"href":"session-template/password","username":"admin","password":"\#(Self.password)"}}"#
        let answer = try await send(.POST, "/api/session", body)
        let cookie = try #require(answer.headers.first(name: "set-cookie"))
        return try #require(cookie.split(separator: ";").first.map(String.init))
    }
}
