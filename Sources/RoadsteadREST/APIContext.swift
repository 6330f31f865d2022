import Hummingbird
import Logging
import NIOCore

/// What Hummingbird hands over with a request: the peer's address and a logger.
public struct APIContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    let peer: SocketAddress?
    /// For what becomes something else than HTTP.
    let channel: any Channel

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peer = source.channel.remoteAddress
        channel = source.channel
    }
}
