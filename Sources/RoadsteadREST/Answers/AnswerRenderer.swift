import HTTPTypes
import Hummingbird
import NIOCore
import RoadsteadBasics
import RoadsteadControl
import RoadsteadHTTP
import RoadsteadModel

/// Turns what a use case answers into HTTP.
struct AnswerRenderer {
    /// Cookies go back over encrypted ways only, where the request came over one.
    let isSecure: Bool
    /// With line breaks and indentation, for people.
    let isPretty: Bool
    /// The header `If-None-Match`: a document that it names is answered with 304.
    let knownTags: String?

    func render(_ answer: ResourceAnswer) -> Response {
        var response = render(answer.content, revision: answer.revision)
        if let cookie = answer.cookie {
            response.headers[values: .setCookie].append(SessionCookie(cookie, isSecure: isSecure).text)
        }
        return response
    }

    private func render(_ content: ResourceAnswer.Content, revision: Int64?) -> Response {
        switch content {
        case .document(let document): render(document, revision: revision)
        case .collection(let collection): json(.object(collection.json))
        case .text(let text): render(text, revision: revision)
        case .value(let value): json(value)
        case .operation(let answer): render(answer, revision: revision)
        case .progress(let documents): EventStream(documents: documents).response
        case .feed(let feed): FeedStream(feed: feed).response
        // Rendered where the request's connection is known.
        case .events, .console: Self.failure(ErrorAnswer(status: 500, message: "a stream was asked for as a document"))
        case .replay(let status, let body): replay(status, body)
        }
    }

    private func render(_ document: JSONObject, revision: Int64?) -> Response {
        render(JSONValue.object(document).serialized(isPretty ? .pretty : .compact), revision: revision)
    }

    /// Only documents have a revision, and with it a tag.
    private func render(_ text: [UInt8], revision: Int64?) -> Response {
        guard let revision else { return Self.json(text) }
        let tag = EntityTag(revision: revision, text: text)
        let headers: HTTPFields = [
            .contentType: "application/json", .cacheControl: "private, no-cache", .eTag: tag.description,
            .vary: "Cookie, Accept-Encoding",
        ]
        if let knownTags, tag.isNamed(in: knownTags) { return Response(status: .notModified, headers: headers) }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: text)))
    }

    private func render(_ answer: OperationAnswer, revision: Int64?) -> Response {
        var response = json(.object(answer.json), status: answer.status)
        if let location = answer.location ?? (answer.status == 201 ? answer.resourceID : nil) {
            response.headers[.location] = location
        }
        if let revision { response.headers[.eTag] = EntityTag(revision: revision).description }
        return response
    }

    /// The first answer again, and the header that says so.
    private func replay(_ status: Int, _ body: JSONObject) -> Response {
        var response = json(.object(body), status: status)
        let location = body["location"] ?? (status == 201 ? body["resource-id"] : nil)
        response.headers[.location] = location?.stringValue
        if let name = HTTPField.Name("Idempotency-Replayed") { response.headers[name] = "true" }
        return response
    }

    private func json(_ value: JSONValue, status: Int = 200) -> Response {
        Self.json(value, status: status, style: isPretty ? .pretty : .compact)
    }

    static func json(_ value: JSONValue, status: Int = 200, style: JSONStyle = .compact) -> Response {
        json(value.serialized(style), status: status)
    }

    private static func json(_ text: [UInt8], status: Int = 200) -> Response {
        Response(
            status: HTTPResponse.Status(code: status),
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: text)))
    }

    static func failure(_ answer: ErrorAnswer) -> Response { json(.object(answer.json), status: answer.status) }
}
