import Hummingbird
import Logging
import NIOCore

/// What Hummingbird hands over with a request: the peer's address and a logger.
public struct APIContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    let peer: SocketAddress?

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peer = source.channel.remoteAddress
    }
}
