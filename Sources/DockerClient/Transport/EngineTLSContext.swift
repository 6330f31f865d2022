import NIOCore
import NIOPosix
import NIOSSL

/// TLS contexts for the connections that we open ourselves (hijacked streams, the probe).
enum EngineTLSContext {
    /// Reading the system's roots takes tens of milliseconds, so that it is done on NIO's blocking threads.
    static func make(_ configuration: TLSConfiguration) async throws -> NIOSSLContext {
        try await NIOThreadPool.singleton.runIfActive { try NIOSSLContext(configuration: configuration) }
    }

    /// The name for SNI and verification; nil for an address, which is then verified against the certificate's IP SANs.
    static func serverName(for host: String) -> String? {
        let isAddress = host.contains(":") || (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return isAddress ? nil : host
    }
}
