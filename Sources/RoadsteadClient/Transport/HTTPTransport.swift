import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL
import RoadsteadBasics

/// The connections of one client: short calls and event streams apart, so that streams never use up the pool.
struct HTTPTransport: Sendable {
    let server: ServerAddress
    let options: ClientOptions
    private let calls: HTTPClient
    private let streams: HTTPClient

    init(server: ServerAddress, options: ClientOptions) throws(RoadsteadError) {
        self.server = server
        self.options = options
        let tls = try Self.tls(options)
        calls = HTTPClient(configuration: Self.configuration(options, tls: tls, silence: options.requestTimeout))
        streams = HTTPClient(configuration: Self.configuration(options, tls: tls, silence: options.streamSilence))
    }

    func shutdown() async {
        // Nothing can be done about a connection that does not close, and the process ends soon.
        try? await calls.shutdown()
        try? await streams.shutdown()
    }

    /// Sends `request` and reads the whole answer within the deadline and the cap.
    func send(_ request: APIRequest, cookie: Redacted<String>?) async throws(RoadsteadError) -> APIAnswer {
        let (calls, options) = (self.calls, self.options)
        let message = message(request, cookie: cookie)
        do {
            return try await Self.within(options.requestTimeout, server: server) {
                let response = try await calls.execute(message, timeout: TimeAmount(options.requestTimeout))
                let body = try await response.body.collect(upTo: options.maximumAnswerSize)
                return APIAnswer(
                    status: Int(response.status.code), headers: response.headers, bytes: Array(body.readableBytesView))
            }
        } catch { throw TransportError.make(error, server: server) }
    }

    /// Opens an event stream: the answer's head is there when this returns, its body comes as it is made.
    func open(_ request: APIRequest, cookie: Redacted<String>?) async throws(RoadsteadError) -> HTTPClientResponse {
        var message = message(request, cookie: cookie)
        message.headers.replaceOrAdd(name: "accept", value: "text/event-stream")
        do {
            return try await streams.execute(message, timeout: TimeAmount(options.requestTimeout))
        } catch { throw TransportError.make(error, server: server) }
    }

    private func message(_ request: APIRequest, cookie: Redacted<String>?) -> HTTPClientRequest {
        var message = HTTPClientRequest(url: request.url(at: server))
        message.method = request.method
        message.headers.add(name: "accept", value: "application/json")
        message.headers.add(name: "user-agent", value: "roadstead")
        for (name, value) in request.headers { message.headers.add(name: name, value: value) }
        if let type = request.contentType { message.headers.add(name: "content-type", value: type) }
        if let cookie { message.headers.add(name: "cookie", value: SessionCookie.name + "=" + cookie.exposed) }
        if let bytes = request.bytes { message.body = .bytes(bytes) }
        return message
    }

    private static func tls(_ options: ClientOptions) throws(RoadsteadError) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        guard let text = options.certificateAuthorities else { return configuration }
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(Array(text.utf8)), !certificates.isEmpty else {
            throw RoadsteadError(.invalidInput, "the certification authority is not a certificate in PEM form")
        }
        configuration.trustRoots = .certificates(certificates)
        return configuration
    }

    private static func configuration(
        _ options: ClientOptions, tls: TLSConfiguration, silence: Duration
    ) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(options.connectTimeout), read: TimeAmount(silence)))
        // A refused connection is told at once: whoever waits for a server to come back says so itself.
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    private static func within<Value: Sendable>(
        _ limit: Duration, server: ServerAddress, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask(operation: body)
            group.addTask {
                try await Task.sleep(for: limit)
                throw TransportError.timeout(server, after: limit)
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }
}
