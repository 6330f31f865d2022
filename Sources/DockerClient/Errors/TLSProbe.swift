import NIOCore
import NIOPosix
import NIOSSL

/// One look at a TLS peer, to explain a failure. It sends no request and trusts nobody that was not trusted before.
struct TLSProbe: Sendable {
    let endpoint: EngineEndpoint
    let identity: TLSIdentity?
    var patience: TimeAmount = .seconds(3)

    /// The certificates that the server shows, the leaf first. The handshake is always broken off then.
    func peerCertificates() async -> [NIOSSLCertificate] {
        await look(verification: true).certificates
    }

    /// Whether a TLS server is there, whoever it is.
    func speaksTLS() async -> Bool { await !look(verification: true).certificates.isEmpty }

    /// Completes the handshake with our identity and waits for an alert; nil when none came.
    func refusal() async -> TransportFault? {
        await look(verification: false).error.map { TransportFault($0) }
    }

    private struct Sight: Sendable {
        var certificates: [NIOSSLCertificate] = []
        var error: (any Error)?
    }

    private func look(verification isOverridden: Bool) async -> Sight {
        guard case .tcp(let host, let port) = endpoint.address else { return Sight() }
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let sight = loop.makePromise(of: Sight.self)
        let configuration = identity?.configuration ?? .makeClientConfiguration()
        do {
            let context = try await EngineTLSContext.make(configuration)
            let channel = try await ClientBootstrap(group: loop).connectTimeout(patience).channelInitializer {
                channel in
                channel.eventLoop.makeCompletedFuture {
                    let name = EngineTLSContext.serverName(for: host)
                    let handler =
                        isOverridden
                        ? try NIOSSLClientHandler(
                            context: context, serverHostname: name,
                            customVerificationCallback: {
                                (certificates, verdict: EventLoopPromise<NIOSSLVerificationResult>) in
                                sight.succeed(Sight(certificates: certificates))
                                verdict.succeed(.failed)
                            }) : try NIOSSLClientHandler(context: context, serverHostname: name)
                    try channel.pipeline.syncOperations.addHandlers(
                        handler, ProbeHandler { sight.succeed(Sight(error: $0)) })
                }
            }.connect(host: host, port: port).get()
            _ = loop.scheduleTask(in: patience) { sight.succeed(Sight()) }
            let seen = try await sight.futureResult.get()
            channel.close(promise: nil)
            return seen
        } catch {
            sight.succeed(Sight())
            return Sight(error: error)
        }
    }
}

/// Reports the first error, or the end of the connection.
private final class ProbeHandler: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let report: @Sendable ((any Error)?) -> Void

    init(report: @escaping @Sendable ((any Error)?) -> Void) { self.report = report }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        report(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        report(nil)
        context.fireChannelInactive()
    }
}
