import NIOHTTP1
import RoadsteadBasics

/// An answer as it came, for programs that know the dialect themselves.
public struct RawAnswer: Sendable {
    public let status: Int
    public let body: [UInt8]
    /// What the status and the message stand for; nil for success.
    public let error: RoadsteadError?
}

/// A body of a raw request.
public struct RawBody: Sendable {
    public let bytes: [UInt8]
    public let contentType: String

    public init(_ bytes: [UInt8], contentType: String = "application/json") {
        self.bytes = bytes
        self.contentType = contentType
    }

    /// `name=value` pairs, encoded as a form.
    public init(form pairs: [(String, String)]) {
        self.init(Array(FormFields(pairs).encoded.utf8), contentType: "application/x-www-form-urlencoded")
    }
}

extension APIClient {
    /// Any request of the API. `path` is below `/api/`; `query` is encoded and put behind it. Throws when no answer came;
    /// what a server refuses is an answer.
    public func raw(
        _ method: String, _ path: String, query: [(String, String)] = [], body: RawBody? = nil,
        headers: [(name: String, value: String)] = []
    ) async throws(RoadsteadError) -> RawAnswer {
        var request = APIRequest(method: HTTPMethod(rawValue: method), path: path, parameters: FormFields(query))
        if let body { request.body = .raw(body.bytes, contentType: body.contentType) }
        request.headers = headers
        let answer = try await send(request)
        let error = answer.isSuccess || answer.status < 400 ? nil : AnswerError.make(answer, from: server)
        return RawAnswer(status: answer.status, body: answer.bytes, error: error)
    }
}
