import Dispatch
import Foundation
import RoadsteadClient

/// This terminal as one end of a console: what is typed goes out byte by byte, changes of its size too, until it is put
/// back as it was. Without a terminal it is plain standard input.
final class ConsoleTerminal {
    private let isTTY: Bool
    private var saved: termios?
    private var resizing: (any DispatchSourceSignal)?

    init(isTTY: Bool) { self.isTTY = isTTY }

    /// Bytes of standard input, read by a thread of its own, and the terminal's size at the start and at each change.
    func input() -> AsyncStream<ConsoleInput> {
        let (stream, continuation) = AsyncStream.makeStream(of: ConsoleInput.self)
        if isTTY {
            makeRaw()
            watchSize(continuation)
        }
        let isTTY = isTTY
        // A read blocks until somebody types: no thread of the cooperative pool can wait for that.
        Thread.detachNewThread {
            var buffer = [UInt8](repeating: 0, count: 16_384)
            while true {
                let count = read(0, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                continuation.yield(.bytes(Array(buffer[..<count])))
            }
            if !isTTY { continuation.yield(.end) }
        }
        return stream
    }

    func restore() {
        resizing?.cancel()
        resizing = nil
        guard var was = saved else { return }
        tcsetattr(0, TCSADRAIN, &was)
        saved = nil
    }

    /// Every key goes to the command, Ctrl-C as well.
    private func makeRaw() {
        var state = termios()
        guard tcgetattr(0, &state) == 0 else { return }
        saved = state
        cfmakeraw(&state)
        tcsetattr(0, TCSADRAIN, &state)
    }

    private func watchSize(_ continuation: AsyncStream<ConsoleInput>.Continuation) {
        let tell: @Sendable () -> Void = {
            if let size = Self.size() { continuation.yield(.resize(rows: size.rows, columns: size.columns)) }
        }
        tell()
        let source = DispatchSource.makeSignalSource(signal: SIGWINCH, queue: .global())
        source.setEventHandler(handler: tell)
        source.resume()
        resizing = source
    }

    private static func size() -> (rows: Int, columns: Int)? {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0, size.ws_col > 0 else { return nil }
        return (Int(size.ws_row), Int(size.ws_col))
    }
}
