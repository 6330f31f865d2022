import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// TCP keep-alive: an event stream may be silent for hours, and a host that lost its power says no good-bye.
enum KeepAlive {
    /// Notices a dead peer after about a minute: first question after 30 s of silence, then three, 10 s apart.
    static let enable: @Sendable (any Channel) -> EventLoopFuture<Void> = { channel in
        switch channel.remoteAddress {
        case .v4, .v6: set(channel)
        default: channel.eventLoop.makeSucceededVoidFuture()
        }
    }

    private static func set(_ channel: any Channel) -> EventLoopFuture<Void> {
        let options: [(ChannelOptions.Types.SocketOption, SocketOptionValue)] = [
            (.init(level: .socket, name: .so_keepalive), 1),
            (.init(level: .tcp, name: .init(rawValue: TCP_KEEPIDLE)), 30),
            (.init(level: .tcp, name: .init(rawValue: TCP_KEEPINTVL)), 10),
            (.init(level: .tcp, name: .init(rawValue: TCP_KEEPCNT)), 3),
        ]
        let done = options.map { channel.setOption($0.0, value: $0.1) }
        // A socket that knows no keep-alive serves all the same.
        return EventLoopFuture.andAllComplete(done, on: channel.eventLoop)
    }
}
