import Foundation
import NIOCore
import RoadsteadBasics

/// Says what to do when the server cannot listen.
enum ListenFailure {
    static func explained(_ error: any Error, host: String, port: Int) -> any Error {
        guard let failure = error as? IOError else { return error }
        switch failure.errnoCode {
        case EADDRINUSE:
            return RoadsteadError(
                .unavailable,
                "\(host):\(port) is already taken by another process; stop that one or give another port with --listen",
                cause: failure)
        case EADDRNOTAVAIL:
            return RoadsteadError(
                .invalidInput, "\(host) is no address of this machine; give another one with --listen", cause: failure)
        case EACCES:
            return RoadsteadError(
                .forbidden, "this user may not listen on port \(port); give one above 1023 with --listen",
                cause: failure)
        default: return error
        }
    }
}
