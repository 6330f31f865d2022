import DockerAPI
import DockerClient
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// Each failure of TLS is told apart. The peer is NIOSSL here; the lab runs the like against real engines.
@Suite("TLS", .serialized)
struct TLSTests {
    private let certificates: TestCertificates

    init() async throws { certificates = try await TestCertificates() }

    /// Makes a call with `tls` to an engine that shows `server` and wants clients of `clientCA`.
    private func call(
        _ tls: EngineTLS?, server: TestCertificates.Pair? = nil, wantsClients: Bool = true, host: String = "127.0.0.1"
    ) async throws -> EngineError? {
        let pair = if let server { server } else { try await certificates.issue("server", usage: "serverAuth") }
        let configuration = try TestCertificates.server(
            pair, clientsOf: wantsClients ? try certificates.authority() : nil)
        return try await FakeEngine.with(.tls(configuration)) { engine in
            try await Self.error(.tcp(host: host, port: engine.port, tls: tls))
        }
    }

    private static func error(_ endpoint: EngineEndpoint) async throws -> EngineError? {
        let client = try EngineClient(endpoint: endpoint, logger: Logger(label: "test"))
        var caught: EngineError?
        do { _ = try await client.services() } catch { caught = error }
        await client.shutdown()
        return caught
    }

    private func identity(_ pair: TestCertificates.Pair, ca: String? = nil) throws -> EngineTLS {
        EngineTLS(ca: try ca ?? certificates.authority(), certificate: pair.certificate, key: pair.key)
    }

    @Test("a good certificate is taken, whatever form its key has", arguments: TestCertificates.KeyForm.allCases)
    func good(form: TestCertificates.KeyForm) async throws {
        defer { certificates.remove() }
        let error = try await call(try identity(try await certificates.issue("client", key: form)))
        #expect(error == nil)
    }

    @Test("a server's name is verified as well as its address") func name() async throws {
        defer { certificates.remove() }
        let server = try await certificates.issue("server", names: "DNS:localhost")
        let client = try identity(try await certificates.issue("client"))
        #expect(try await call(client, server: server, host: "localhost") == nil)
        let error = try await call(client, server: server)
        #expect(error?.kind == .tlsNameMismatch, "\(String(describing: error))")
    }

    @Test("a hijacked connection is secured in the same way") func hijack() async throws {
        defer { certificates.remove() }
        let client = try await certificates.issue("client")
        let server = try TestCertificates.server(
            try await certificates.issue("server"), clientsOf: try certificates.authority())
        try await certificates.makeAuthority("foreign")
        let (ours, foreign) = (try identity(client), try identity(client, ca: certificates.authority("foreign")))
        try await FakeEngine.with(.tls(server)) { engine in
            let good = try EngineClient(
                endpoint: .tcp(host: "127.0.0.1", port: engine.port, tls: ours), logger: Logger(label: "test"))
            let bad = try EngineClient(
                endpoint: .tcp(host: "127.0.0.1", port: engine.port, tls: foreign), logger: Logger(label: "test"))
            for check in EngineContract.all where check.claim.contains("command") {
                try await check.run(.init(client: good, image: "busybox:1"))
            }
            let error = await #expect(throws: EngineError.self) { try await bad.run(in: "x", .init(["true"])) }
            #expect(error?.kind == .tlsNotTrusted)
            await good.shutdown()
            await bad.shutdown()
        }
    }

    @Test("a server of a foreign authority is not trusted") func foreignServer() async throws {
        defer { certificates.remove() }
        try await certificates.makeAuthority("foreign")
        let client = try identity(try await certificates.issue("client"), ca: certificates.authority("foreign"))
        let error = try await call(client)
        #expect(error?.kind == .tlsNotTrusted, "\(String(describing: error))")
        #expect(error?.message.contains("the given CA") == true)
    }

    @Test("without a CA the system's roots decide") func systemRoots() async throws {
        defer { certificates.remove() }
        let error = try await call(EngineTLS(), wantsClients: false)
        #expect(error?.kind == .tlsNotTrusted, "\(String(describing: error))")
        #expect(error?.message.contains("system's roots") == true)
    }

    @Test("a server's certificate past its end is told as such, with the date") func expiredServer() async throws {
        defer { certificates.remove() }
        let server = try await certificates.issue("server", days: -1)
        let error = try await call(try identity(try await certificates.issue("client")), server: server)
        #expect(error?.kind == .certificateExpired, "\(String(describing: error))")
        #expect(error?.message.contains("server's certificate expired at 20") == true)
    }

    @Test("a client's certificate past its end is told as such") func expiredClient() async throws {
        defer { certificates.remove() }
        let error = try await call(try identity(try await certificates.issue("client", days: -1)))
        #expect(error?.kind == .certificateExpired, "\(String(describing: error))")
        #expect(error?.message.contains("client certificate, which expired at 20") == true)
    }

    @Test("a client's certificate of a foreign authority is refused by the server") func foreignClient() async throws {
        defer { certificates.remove() }
        try await certificates.makeAuthority("foreign")
        let error = try await call(try identity(try await certificates.issue("client", by: "foreign")))
        #expect(error?.kind == .clientCertificateRefused, "\(String(describing: error))")
    }

    @Test("no client certificate where one is wanted") func noClient() async throws {
        defer { certificates.remove() }
        let error = try await call(EngineTLS(ca: try certificates.authority()))
        #expect(error?.kind == .clientCertificateMissing, "\(String(describing: error))")
    }

    @Test("plain HTTP to a TLS port, by a Go server's words and without") func plainToTLS() async throws {
        defer { certificates.remove() }
        let error = try await call(nil)
        #expect(error?.kind == .tlsRequired, "\(String(describing: error))")
        let words = "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"
        try await FakeEngine.withClient(.tcp, script: { _ in .raw(Array(words.utf8)) }) { client, _ in
            let error = await #expect(throws: EngineError.self) { try await client.ping() }
            #expect(error?.kind == .tlsRequired)
        }
    }

    @Test("TLS to a plain port") func tlsToPlain() async throws {
        defer { certificates.remove() }
        let tls = try identity(try await certificates.issue("client"))
        let words = Array("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n400 Bad Request".utf8)
        let listener = try await PlainListener.start(answer: words)
        let error = try await Self.error(.tcp(host: "127.0.0.1", port: listener.port, tls: tls))
        try await listener.stop()
        #expect(error?.kind == .notTLS, "\(String(describing: error))")
    }

    @Test("texts that are no certificates or keys are refused, without their contents") func unusable() async throws {
        defer { certificates.remove() }
        let (good, other) = (try await certificates.issue("client"), try await certificates.issue("other"))
        let ca = try certificates.authority()
        let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nSECRET\n-----END ENCRYPTED PRIVATE KEY-----\n"
        let cases: [(EngineTLS, String)] = [
            (EngineTLS(ca: "SECRET"), "the CA is not"),
            (EngineTLS(ca: ca, certificate: "SECRET", key: good.key), "client certificate is not"),
            (EngineTLS(ca: ca, certificate: good.certificate, key: Redacted("SECRET")), "client key is not"),
            (EngineTLS(ca: ca, certificate: good.certificate, key: Redacted(encrypted)), "has a passphrase"),
            (EngineTLS(ca: ca, certificate: good.certificate), "no key"),
            (EngineTLS(ca: ca, key: good.key), "no certificate"),
            (EngineTLS(ca: ca, certificate: good.certificate, key: other.key), "does not belong"),
        ]
        for (tls, words) in cases {
            let error = #expect(throws: EngineError.self) {
                try EngineClient(endpoint: .tcp(host: "h", port: 1, tls: tls), logger: Logger(label: "test"))
            }
            #expect(
                error?.kind == .invalidInput && error?.message.contains(words) == true, "\(String(describing: error))")
            #expect(error?.message.contains("SECRET") == false)
        }
        #expect(!"\(try identity(good))".contains(good.key.exposed.split(separator: "\n")[1]))
    }
}

/// Answers whatever comes with the same bytes and closes.
private struct PlainListener {
    let channel: any Channel

    var port: Int { channel.localAddress?.port ?? 0 }

    static func start(answer: [UInt8]) async throws -> PlainListener {
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).childChannelInitializer {
            channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(Answerer(answer: answer))
            }
        }
        return PlainListener(channel: try await bootstrap.bind(host: "127.0.0.1", port: 0).get())
    }

    func stop() async throws { try await channel.close() }

    private final class Answerer: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        let answer: [UInt8]

        init(answer: [UInt8]) { self.answer = answer }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: answer)), promise: nil)
            context.close(promise: nil)
        }
    }
}
