import DockerAPI
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import RoadsteadBasics
import Synchronization

/// What to list: by filter name the accepted values, for example `["label": ["com.docker.stack.namespace=shop"]]`.
public typealias EngineFilters = [String: [String]]

/// The Docker Engine API of one engine, from version 1.41 up, over a unix socket or TCP with mutual TLS.
///
/// The first call agrees on a version (`GET /_ping`). Ordinary calls are limited in time and size (`EngineOptions`);
/// streams last until they end or their task is cancelled. All errors are `EngineError`. Call `shutdown()` at the end.
public final class EngineClient: Sendable {
    public let endpoint: EngineEndpoint
    let transport: EngineTransport
    let logger: Logger
    private let agreed = Mutex<APIVersion?>(nil)

    /// Throws `invalidInput` when the TLS texts cannot be used. Nothing is sent before the first call.
    public init(
        endpoint: EngineEndpoint, options: EngineOptions = EngineOptions(), logger: Logger
    ) throws(EngineError) {
        self.endpoint = endpoint
        self.logger = logger
        transport = try EngineTransport(endpoint: endpoint, options: options, logger: logger)
    }

    /// Closes all connections; calls and streams under way end with `cancelled`.
    public func shutdown() async { await transport.shutdown() }

    /// The version that is spoken with this engine; asked for once. Throws `versionUnsupported`.
    public func apiVersion() async throws(EngineError) -> APIVersion {
        if let version = agreed.withLock({ $0 }) { return version }
        let theirs = try await ping().apiVersion
        guard let parsed = APIVersion(theirs), let version = APIVersion.negotiated(with: parsed) else {
            throw EngineError(
                .versionUnsupported,
                "the engine's newest API version is \(theirs), this client needs \(APIVersion.oldest) or newer: "
                    + "upgrade the engine to Docker 20.10 or later", endpoint: endpoint.description)
        }
        agreed.withLock { $0 = version }
        logger.debug("agreed on an API version", metadata: ["endpoint": "\(endpoint)", "version": "\(version)"])
        return version
    }

    /// Forgets the version: the engine may have been replaced by another release behind the same address.
    func forgetVersion() { agreed.withLock { $0 = nil } }
}

// MARK: - Verbs

extension EngineClient {
    func get<Answer: Decodable & Sendable>(
        _ path: EnginePath, _ query: EngineQuery = [:], headers: [(String, String)] = [], deadline: Duration? = nil
    ) async throws(EngineError) -> Answer {
        let request = EngineRequest(method: .GET, path: path, query: query, headers: headers, deadline: deadline)
        return try decode(try await send(request), request)
    }

    func post<Answer: Decodable & Sendable>(
        _ path: EnginePath, _ query: EngineQuery = [:], _ body: some Encodable, headers: [(String, String)] = [],
        deadline: Duration? = nil
    ) async throws(EngineError) -> Answer {
        let request = EngineRequest(
            method: .POST, path: path, query: query, headers: headers, body: try encode(body), deadline: deadline)
        return try decode(try await send(request), request)
    }

    /// A POST whose answer has no body that matters.
    func act(
        _ path: EnginePath, _ query: EngineQuery = [:], _ body: (any Encodable)? = nil, deadline: Duration? = nil
    ) async throws(EngineError) {
        let encoded = try body.map { value throws(EngineError) in try encode(value) }
        _ = try await send(
            EngineRequest(method: .POST, path: path, query: query, body: encoded, deadline: deadline))
    }

    func delete(
        _ path: EnginePath, _ query: EngineQuery = [:], deadline: Duration? = nil
    ) async throws(EngineError) {
        _ = try await send(EngineRequest(method: .DELETE, path: path, query: query, deadline: deadline))
    }

    /// Sends with the agreed version and throws what is no success.
    func send(_ request: EngineRequest) async throws(EngineError) -> EngineResponse {
        try check(request)
        return try accept(try await transport.send(request, version: try await apiVersion()), request)
    }

    /// Sends without a version: `/_ping` and `/version`, before one is agreed on.
    func sendUnversioned(_ request: EngineRequest) async throws(EngineError) -> EngineResponse {
        try accept(try await transport.send(request, version: nil), request)
    }

    func open(_ request: EngineRequest) async throws(EngineError) -> EngineBodyStream {
        try check(request)
        do { return try await transport.open(request, version: try await apiVersion()) } catch {
            if error.kind == .versionUnsupported { forgetVersion() }
            throw error
        }
    }

    func check(_ request: EngineRequest) throws(EngineError) {
        guard request.path.hasGap else { return }
        throw EngineError(
            .invalidInput, "an empty id or name, or '.' or '..', cannot be asked for", endpoint: endpoint.description,
            operation: request.operation)
    }

    private func accept(_ response: EngineResponse, _ request: EngineRequest) throws(EngineError) -> EngineResponse {
        if (200..<300).contains(response.status) || response.status == 304 { return response }
        let error = response.error(operation: request.operation, endpoint: endpoint)
        if error.kind == .versionUnsupported { forgetVersion() }
        throw error
    }
}

// MARK: - JSON

extension EngineClient {
    func encode(_ value: some Encodable) throws(EngineError) -> EngineRequest.Body {
        do { return .json(ByteBuffer(bytes: try JSON.encoder.encode(value))) } catch {
            throw EngineError(.invalidInput, "the request cannot be written as JSON", endpoint: endpoint.description)
        }
    }

    func decode<Value: Decodable>(_ response: EngineResponse, _ request: EngineRequest) throws(EngineError) -> Value {
        do { return try JSON.decoder.decode(Value.self, from: Data(response.body.readableBytesView)) } catch {
            throw EngineError(
                .protocolViolation, "the answer is not what the API promises: \(JSON.words(for: error))",
                endpoint: endpoint.description, operation: request.operation)
        }
    }

    /// `filters` as the query member that all list routes take: `{"label":{"a=b":true}}`.
    func filterText(_ filters: EngineFilters) -> String? {
        guard !filters.isEmpty else { return nil }
        let members = filters.mapValues { values in JSONValue.object(JSONObject(values.map { ($0, .bool(true)) })) }
        return JSONValue.object(JSONObject(members.sorted { $0.key < $1.key })).text(.canonical)
    }
}

/// The coders are made once: making one costs a good part of decoding a small answer.
enum JSON {
    static let decoder = JSONDecoder()
    static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        return encoder
    }()

    /// Where and why, without the value: it may be a secret.
    static func words(for error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, let context): "'\(path(context, key))' is missing"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "'\(path(context, nil))' has another type"
        case DecodingError.dataCorrupted(let context):
            context.codingPath.isEmpty ? "it is not JSON" : "'\(path(context, nil))' cannot be read"
        default: "it cannot be read"
        }
    }

    private static func path(_ context: DecodingError.Context, _ last: (any CodingKey)?) -> String {
        (context.codingPath + (last.map { [$0] } ?? [])).map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
            .joined(separator: ".")
    }
}
