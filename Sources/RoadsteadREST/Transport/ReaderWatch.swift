import NIOCore
import Synchronization

/// Tells a long answer that whoever reads it has closed the connection.
///
/// Hummingbird looks for that only when it writes, and a silent stream writes nothing: without this its sources would go
/// on for nobody. Closing one direction counts: whoever says that nothing more will be asked has left a stream.
final class ReaderWatch: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    let departure = Departure()

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed { departure.happen() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        departure.happen()
        context.fireChannelInactive()
    }

    /// That of a connection of ours. Throws when it has been closed meanwhile.
    static func departure(from channel: any Channel) async throws -> Departure {
        let loop = channel.eventLoop
        return try await loop.submit { try channel.pipeline.syncOperations.handler(type: ReaderWatch.self).departure }
            .get()
    }
}

/// The end of one connection's input. One listener at a time, as a connection has one answer at a time.
final class Departure: Sendable {
    private struct State {
        var hasHappened = false
        var listener: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    func happen() {
        let listener = state.withLock { state in
            state.hasHappened = true
            defer { state.listener = nil }
            return state.listener
        }
        listener?()
    }

    /// Runs `body`, and `onDeparture` when the reader goes before it ends.
    func whileReading(_ onDeparture: @escaping @Sendable () -> Void, _ body: () async throws -> Void) async throws {
        let isOver = state.withLock { state in
            if !state.hasHappened { state.listener = onDeparture }
            return state.hasHappened
        }
        if isOver { onDeparture() }
        defer { state.withLock { $0.listener = nil } }
        try await body()
    }
}
