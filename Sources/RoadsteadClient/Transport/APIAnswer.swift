import NIOHTTP1
import RoadsteadBasics

/// What a server answered: status, headers and the whole body, which is not yet looked at.
struct APIAnswer: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var bytes: [UInt8]

    var isSuccess: Bool { (200..<300).contains(status) }

    /// The body as a JSON object, or the error that its status and message stand for.
    func object(from server: ServerAddress) throws(RoadsteadError) -> JSONObject {
        guard isSuccess else { throw AnswerError.make(self, from: server) }
        guard let object = (try? JSONValue.parse(bytes))?.objectValue else {
            throw RoadsteadError(
                .unavailable,
                "\(server) answered \(status) without a JSON object: is this the address of a Roadstead server?")
        }
        return object
    }
}
