import Dispatch
import Foundation

/// While it lives, Ctrl-C says what goes on without us before it ends the program with status 130.
final class InterruptNotice {
    private let source: any DispatchSourceSignal

    init(_ notice: @escaping @Sendable () -> String) {
        signal(SIGINT, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler {
            Console.standard.error(["", notice()])
            Foundation.exit(CommandStatus.cancelled.rawValue)
        }
        source.resume()
    }

    deinit {
        source.cancel()
        signal(SIGINT, SIG_DFL)
    }
}
