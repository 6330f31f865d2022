import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// HTTP with one engine: requests in, answers or typed errors out. Knows no Docker types and no versions.
///
/// Two clients: ordinary calls share a few connections and are limited in time; streams live long, may be silent for
/// hours, and must not take the ordinary calls' connections away.
final class EngineTransport: Sendable {
    let endpoint: EngineEndpoint
    let identity: TLSIdentity?
    let options: EngineOptions
    private let calls: HTTPClient
    private let streams: HTTPClient
    private let isShutDown = Atomic<Bool>(false)

    init(endpoint: EngineEndpoint, options: EngineOptions, logger: Logger) throws(EngineError) {
        self.endpoint = endpoint
        self.options = options
        let name = endpoint.description
        identity = try endpoint.tls.map { tls throws(EngineError) in try TLSIdentity(tls, endpoint: name) }
        calls = HTTPClient(
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton),
            configuration: Self.configuration(options, identity: identity, connections: options.connections),
            backgroundActivityLogger: logger)
        streams = HTTPClient(
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton),
            configuration: Self.configuration(options, identity: identity, connections: options.streams),
            backgroundActivityLogger: logger)
    }

    private static func configuration(
        _ options: EngineOptions, identity: TLSIdentity?, connections: Int
    ) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: identity?.configuration, redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(options.connectTimeout)), decompression: .disabled)
        configuration.httpVersion = .http1Only
        configuration.connectionPool = .init(
            idleTimeout: .seconds(60), concurrentHTTP1ConnectionsPerHostSoftLimit: connections)
        // The first failure is the truth for an engine: trying on until the connect timeout only delays the message.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.http1_1ConnectionDebugInitializer = KeepAlive.enable
        return configuration
    }

    /// Ends both clients; calls under way fail with `cancelled`. Later calls of this do nothing.
    func shutdown() async {
        guard isShutDown.exchange(true, ordering: .acquiringAndReleasing) == false else { return }
        // A shut-down client has no other way to fail than to have been shut down already.
        try? await calls.shutdown()
        try? await streams.shutdown()
    }

    deinit {
        // A forgotten shutdown must not trap (async-http-client does, in debug builds) nor block: callbacks it is.
        guard !isShutDown.load(ordering: .acquiring) else { return }
        calls.shutdown { _ in }
        streams.shutdown { _ in }
    }
}

extension EngineTransport {
    /// Sends one request and reads the whole answer, whatever its status.
    func send(_ request: EngineRequest, version: APIVersion?) async throws(EngineError) -> EngineResponse {
        let prepared = prepare(request, version: version)
        let (client, limit) = (request.isPatient ? streams : calls, options.bodyLimit)
        return try await failing(request.operation) {
            try await withDeadline(request.deadline ?? self.options.deadline) {
                let response = try await Self.execute(prepared, on: client)
                let body = try await response.body.collect(upTo: limit)
                return EngineResponse(status: Int(response.status.code), headers: response.headers, body: body)
            }
        }
    }

    /// Sends one request and returns as soon as the head of the answer is there; the body is read by the caller.
    ///
    /// An answer of 400 and above is read whole and thrown.
    func open(_ request: EngineRequest, version: APIVersion?) async throws(EngineError) -> EngineBodyStream {
        let prepared = prepare(request, version: version)
        let client = streams
        let response = try await failing(request.operation) {
            let response = try await withDeadline(request.deadline ?? self.options.deadline) {
                try await Self.execute(prepared, on: client)
            }
            guard response.status.code >= 400 else { return (response, ByteBuffer?.none) }
            let body = try await withDeadline(.seconds(10)) { try await response.body.collect(upTo: 1 << 20) }
            return (response, body)
        }
        if let body = response.1 {
            throw EngineResponse(status: Int(response.0.status.code), headers: response.0.headers, body: body)
                .error(operation: request.operation, endpoint: endpoint)
        }
        return EngineBodyStream(response: response.0, transport: self, operation: request.operation)
    }

    private func prepare(_ request: EngineRequest, version: APIVersion?) -> HTTPClientRequest {
        let prefix = version.map { "/v\($0)" } ?? ""
        var prepared = HTTPClientRequest(
            url: endpoint.baseURL + prefix + request.path.description + request.query.text)
        prepared.method = request.method
        prepared.headers.add(name: "Host", value: endpoint.hostHeader)
        prepared.headers.add(name: "User-Agent", value: "roadstead")
        for (name, value) in request.headers { prepared.headers.add(name: name, value: value) }
        switch request.body {
        case .json(let bytes)?:
            prepared.headers.add(name: "Content-Type", value: "application/json")
            prepared.body = .bytes(bytes)
        case .tar(let bytes)?:
            prepared.headers.add(name: "Content-Type", value: "application/x-tar")
            prepared.body = .bytes(bytes)
        case .stream(let source)?:
            prepared.headers.add(name: "Content-Type", value: "application/x-tar")
            prepared.body = .stream(source, length: .unknown)
        case nil: break
        }
        return prepared
    }

    /// A pooled connection may have been closed by the engine at the very moment in which it was taken: what only
    /// reads is then asked once more, on a new connection.
    private static func execute(_ request: HTTPClientRequest, on client: HTTPClient) async throws -> HTTPClientResponse
    {
        do { return try await client.execute(request, deadline: .distantFuture) } catch {
            guard request.method == .GET || request.method == .HEAD, case .closed = TransportFault(error) else {
                throw error
            }
            return try await client.execute(request, deadline: .distantFuture)
        }
    }

    /// Runs `body` and turns whatever it throws into an `EngineError`.
    ///
    /// `refusal` may know better what an error means.
    func failing<Value: Sendable>(
        _ operation: String, _ body: @Sendable () async throws -> Value,
        refusal: (any Error) -> EngineError? = { _ in nil }
    ) async throws(EngineError) -> Value {
        do { return try await body() } catch {
            if let known = refusal(error) { throw known }
            throw await engineError(error, operation: operation)
        }
    }

    func engineError(_ error: any Error, operation: String) async -> EngineError {
        let place = endpoint.description
        if let error = error as? EngineError { return error }
        if error is DeadlinePassed {
            return EngineError(.timeout, "no answer within the time limit", endpoint: place, operation: operation)
        }
        if Task.isCancelled { return EngineError(.cancelled, "cancelled", endpoint: place, operation: operation) }
        let diagnosis = TLSDiagnosis(endpoint: endpoint, identity: identity)
        let (kind, message) = await diagnosis.explain(TransportFault(error))
        return EngineError(kind, message, endpoint: place, operation: operation)
    }
}
