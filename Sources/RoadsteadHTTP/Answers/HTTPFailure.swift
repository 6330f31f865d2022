import RoadsteadBasics
import RoadsteadModel

/// A failure of the door itself, with the HTTP status that it has: what no use case can know.
package struct HTTPFailure: Error {
    package let status: Int
    package let message: String
    /// Whether the connection ends with the answer, as what follows on it cannot be read.
    package let endsConnection: Bool

    package init(status: Int, message: String, endsConnection: Bool = false) {
        self.status = status
        self.message = message
        self.endsConnection = endsConnection
    }
}

extension ErrorAnswer {
    /// The answer to whatever was thrown. What is not ours is told as an internal failure without its text, which
    /// belongs into the log only.
    package init(thrown error: any Error) {
        switch error {
        case let error as RoadsteadError: self.init(error)
        case let error as HTTPFailure: self.init(status: error.status, message: error.message)
        case is BrokenBody: self.init(status: 400, message: "the body ended before its time, or is no HTTP/1.1 body")
        case is CancellationError: self.init(RoadsteadError(.cancelled, "the request was cancelled"))
        default: self.init(RoadsteadError(.internal, "something failed inside the server; its log tells more"))
        }
    }
}

/// The body of a request ended before its time, or was no body.
package struct BrokenBody: Error {
    package init() {}
}
