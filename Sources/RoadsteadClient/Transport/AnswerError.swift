import NIOHTTP1
import RoadsteadBasics

/// The table from an answer's status and message to our errors: the one place where HTTP statuses are read.
enum AnswerError {
    static func make(_ answer: APIAnswer, from server: ServerAddress) -> RoadsteadError {
        let body = (try? JSONValue.parse(answer.bytes))?.objectValue
        let message = body?["message"]?.stringValue
        guard let message else { return foreign(answer, from: server) }
        var context = ["status": String(answer.status)]
        context["resource-id"] = body?["resource-id"]?.stringValue
        return RoadsteadError(code(status: answer.status, message: message), message, context: context)
    }

    /// 403 and 409 stand for two things each in Nuvla's dialect; its fixed words tell them apart.
    static func code(status: Int, message: String) -> RoadsteadError.Code {
        switch status {
        case 401: .unauthenticated
        case 403: message.contains("credentials required") ? .unauthenticated : .forbidden
        case 402: .forbidden
        case 404: .notFound
        case 405, 501: .unsupported
        case 408, 504: .timeout
        case 409: isAboutState(message) ? .invalidState : .conflict
        case 412: .conflict
        case 413, 429: .limitExceeded
        case 502, 503: .unavailable
        case 400..<500: .invalidInput
        default: .internal
        }
    }

    private static func isAboutState(_ message: String) -> Bool {
        message.contains(" in state ") || message.contains("final state")
    }

    /// The answer of something that does not speak the dialect: a proxy's page, a redirect, another service.
    private static func foreign(_ answer: APIAnswer, from server: ServerAddress) -> RoadsteadError {
        let context = ["status": String(answer.status)]
        switch answer.status {
        case 300..<400:
            let target = answer.headers.first(name: "location").map { " to \($0)" } ?? ""
            return RoadsteadError(
                .unavailable,
                "\(server) answered with a redirect\(target): give the server's own address, with its scheme",
                context: context)
        case 502, 503, 504:
            return RoadsteadError(
                .unavailable, "\(server) answered \(answer.status): the server behind this address does not run",
                context: context)
        default:
            let text = String(decoding: answer.bytes.prefix(200), as: UTF8.self).split(separator: "\n").first ?? ""
            return RoadsteadError(
                code(status: answer.status, message: ""),
                "\(server) answered \(answer.status)\(text.isEmpty ? "" : " '\(text)'")"
                    + ": is this the address of a Roadstead server?",
                context: context)
        }
    }
}
