import RemoteHosts
import RoadsteadBasics

// The one place where what a host (or the way to it) said becomes an error of Roadstead. The messages of `RemoteHostError`
// name the host and say what to do already.

extension RoadsteadError {
    /// - Parameter doing: what was tried, to follow "cannot": `prepare prod-1`.
    public init(_ error: RemoteHostError, doing: String? = nil, file: String = #fileID, line: Int = #line) {
        var message = doing.map { "cannot \($0): " } ?? ""
        message += error.message
        if !message.contains(error.host) { message += " (\(error.host))" }
        if [.hostKeyChanged, .hostKeyUnknown].contains(error.code) {
            message += "; compare it with the console's, and accept it by `roadstead machine trust MACHINE`"
        }
        self.init(Self.code(of: error.code), message, context: ["host": error.host], file: file, line: line)
    }

    private static func code(of code: RemoteHostError.Code) -> Code {
        switch code {
        // `RemoteHostError.mayPass`: steps are tried again.
        case .nameNotFound, .refused, .noRoute, .connectTimedOut, .closedEarly, .connectionLost, .timedOut,
            .packagesLocked, .packageSource:
            .unavailable
        case .invalidInput, .keyUnusable: .invalidInput
        case .permissionDenied, .sudoRefused: .forbidden
        case .hostKeyChanged, .hostKeyUnknown, .commandFailed, .diskFull, .unsuitable: .invalidState
        case .tooMuchOutput: .limitExceeded
        case .cancelled: .cancelled
        case .localFault: .internal
        }
    }
}
