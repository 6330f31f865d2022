import Hummingbird
import Logging
import NIOCore

/// What Hummingbird hands over with a request: the peer's address and a logger.
public struct ConnectionContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    package let peer: SocketAddress?
    /// For what becomes something else than HTTP.
    package let channel: any Channel

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peer = source.channel.remoteAddress
        channel = source.channel
    }
}
