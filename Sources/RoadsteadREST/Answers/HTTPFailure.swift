import RoadsteadBasics
import RoadsteadModel

/// A failure of the door itself, with the HTTP status that it has: what no use case can know.
struct HTTPFailure: Error {
    let status: Int
    let message: String
    /// Whether the connection ends with the answer, as what follows on it cannot be read.
    var endsConnection = false
}

extension ErrorAnswer {
    /// The answer to whatever was thrown. What is not ours is told as an internal failure without its text, which
    /// belongs into the log only.
    init(thrown error: any Error) {
        switch error {
        case let error as RoadsteadError: self.init(error)
        case let error as HTTPFailure: self.init(status: error.status, message: error.message)
        case is BrokenBody: self.init(status: 400, message: "the body ended before its time, or is no HTTP/1.1 body")
        case is CancellationError: self.init(RoadsteadError(.cancelled, "the request was cancelled"))
        default: self.init(RoadsteadError(.internal, "something failed inside the server; its log tells more"))
        }
    }
}
