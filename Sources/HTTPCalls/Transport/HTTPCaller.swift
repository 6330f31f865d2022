import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// What an HTTP service answered: status, headers in lower case, and the body, which may be cut.
public struct HTTPReply: Sendable {
    public var status: Int
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        (self.status, self.headers, self.body) = (status, headers, body)
    }

    public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// HTTP with services that people register: short calls with a deadline and a cap, TLS verified, no redirects followed,
/// so that no secret goes where nobody sent it.
public struct HTTPCaller: Sendable {
    private let client: HTTPClient
    private let deadline: Duration
    private let limit: Int

    /// `authorities`: PEM of those to trust instead of the system's. `limit`: bytes of an answer.
    ///
    /// Throws `HTTPFault` (`tlsNotTrusted`) when the authorities are no certificates.
    public init(
        authorities: String? = nil, connectTimeout: Duration = .seconds(5), deadline: Duration = .seconds(15),
        limit: Int = 1 << 20, logger: Logger
    ) throws(HTTPFault) {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let authorities {
            guard let list = try? NIOSSLCertificate.fromPEMBytes(Array(authorities.utf8)), !list.isEmpty else {
                throw HTTPFault(
                    .tlsNotTrusted, "the authority is no certificate in PEM (-----BEGIN CERTIFICATE-----)")
            }
            tls.trustRoots = .certificates(list)
        }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(connectTimeout)), decompression: .disabled)
        configuration.httpVersion = .http1Only
        // The first failure is the truth: trying on until the connect timeout only delays the message.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton), configuration: configuration,
            backgroundActivityLogger: logger)
        self.deadline = deadline
        self.limit = limit
    }

    public func shutdown() async {
        // A connection that does not close is nobody's any more.
        try? await client.shutdown()
    }

    /// The whole answer, whatever its status. `isCut`: read no more than the limit, and leave the rest.
    public func send(
        _ method: String, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        isCut: Bool = false
    ) async throws(HTTPFault) -> HTTPReply {
        var request = HTTPClientRequest(url: url)
        request.method = HTTPMethod(rawValue: method)
        request.headers.add(name: "user-agent", value: "roadstead")
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(body) }
        do { return try await run(request, isCut: isCut) } catch { throw HTTPFault(error) }
    }

    private func run(_ request: HTTPClientRequest, isCut: Bool) async throws -> HTTPReply {
        let (client, deadline, limit) = (client, deadline, limit)
        return try await withThrowingTaskGroup(of: HTTPReply?.self) { group in
            group.addTask {
                let response = try await client.execute(request, deadline: .distantFuture)
                let headers = response.headers.map { (name: $0.name.lowercased(), value: $0.value) }
                let body = try await Self.read(response.body, limit: limit, isCut: isCut)
                return HTTPReply(status: Int(response.status.code), headers: headers, body: body)
            }
            group.addTask {
                try await Task.sleep(for: deadline)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let reply = first else {
                throw HTTPFault(.timeout, "no answer within the time limit")
            }
            return reply
        }
    }

    private static func read(_ body: HTTPClientResponse.Body, limit: Int, isCut: Bool) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await chunk in body {
            bytes += Array(chunk.readableBytesView)
            guard bytes.count > limit else { continue }
            guard isCut else { throw HTTPFault(.limitExceeded, "the answer is larger than is read") }
            return Array(bytes.prefix(limit))
        }
        return bytes
    }
}
