import HTTPTypes
import Hummingbird
import NIOCore
import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel

/// Turns what a use case answers into HTTP.
struct AnswerRenderer {
    /// Cookies go back over encrypted ways only, where the request came over one.
    let isSecure: Bool

    func render(_ answer: ResourceAnswer) -> Response {
        var response = render(answer.content)
        if let cookie = answer.cookie { response.headers[values: .setCookie].append(text(cookie)) }
        return response
    }

    private func render(_ content: ResourceAnswer.Content) -> Response {
        switch content {
        case .document(let document): Self.json(.object(document))
        case .collection(let collection): Self.json(.object(collection.json))
        case .value(let value): Self.json(value)
        case .operation(let answer): render(answer)
        case .progress(let documents): EventStream(documents: documents).response
        }
    }

    private func render(_ answer: OperationAnswer) -> Response {
        var response = Self.json(.object(answer.json), status: answer.status)
        if let location = answer.location ?? (answer.status == 201 ? answer.resourceID : nil) {
            response.headers[.location] = location
        }
        return response
    }

    static func json(_ value: JSONValue, status: Int = 200) -> Response {
        Response(
            status: HTTPResponse.Status(code: status),
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: value.serialized(.pretty))))
    }

    static func failure(_ answer: ErrorAnswer) -> Response { json(.object(answer.json), status: answer.status) }

    private func text(_ cookie: ResourceAnswer.Cookie) -> String {
        let attributes = "; Path=/; HttpOnly; SameSite=Lax" + (isSecure ? "; Secure" : "")
        switch cookie {
        case .set(let token, let expiry):
            return "\(Authenticator.cookieName)=\(token.exposed)\(attributes); Expires=\(HTTPDate.text(expiry))"
        case .revoke:
            return "\(Authenticator.cookieName)=INVALID\(attributes); Max-Age=0; Expires=\(HTTPDate.text(.epoch))"
        }
    }
}

extension Instant {
    static let epoch = Instant(millisecondsSinceEpoch: 0)
}
