import HTTPTypes
import Hummingbird
import Mustache
import NIOCore
import RoadsteadBasics
import RoadsteadControl
import RoadsteadHTTP
import RoadsteadModel

/// Turns answers of pages into HTTP, with the headers that keep a page to what this server itself says.
struct PageRenderer: Sendable {
    private let library = TemplateFiles.library

    /// Of a request from nobody yet.
    func frame(path: String, isSecure: Bool) -> PageFrame { PageFrame(path: path, isSecure: isSecure) }

    func frame(_ frame: PageFrame, for scope: RequestScope, cookie: String?) async throws -> PageFrame {
        guard !scope.requester.isAnonymous else { return frame }
        var frame = frame
        frame.token = ForgeryRules.token(cookie: cookie)
        frame.user = try await SignedInUser(scope: scope)
        return frame
    }

    func render(_ answer: PageAnswer, in frame: PageFrame) -> Response {
        var response =
            switch answer.content {
            case .page(let view): page(view, in: frame)
            case .redirect(let path): Response(status: .seeOther, headers: [.location: path])
            case .json(let object, let status):
                Response(
                    status: HTTPResponse.Status(code: status), headers: [.contentType: "application/json"],
                    body: ResponseBody(byteBuffer: ByteBuffer(bytes: JSONValue.object(object).serialized())))
            case .asset(let file): file.response
            }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        for (name, value) in PageHeaders.all { response.headers[name] = value }
        if let cookie = answer.cookie {
            response.headers[values: .setCookie].append(SessionCookie(cookie, isSecure: frame.isSecure).text)
        }
        return response
    }

    private func page(_ view: PageView, in frame: PageFrame) -> Response {
        Response(
            status: HTTPResponse.Status(code: view.status), headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: html(view, in: frame))))
    }

    func html(_ view: PageView, in frame: PageFrame) -> [UInt8] {
        PageText.shown(library.render(FramedPage(frame: frame, view: view), withTemplate: view.template) ?? "")
    }
}

enum PageText {
    /// Without the control characters that HTML does not have; what stands in their place can be seen.
    static func shown(_ text: String) -> [UInt8] {
        guard text.utf8.contains(where: isControl) else { return Array(text.utf8) }
        return text.utf8.flatMap { isControl($0) ? Array("\u{FFFD}".utf8) : [$0] }
    }

    private static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D || byte == 0x7F
    }
}

enum PageHeaders {
    /// Nothing but what this server itself serves is loaded, run, or sent to; no other site shows our pages in its own.
    static let all: [(HTTPField.Name, String)] = [
        ("Content-Security-Policy", policy), ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ].compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }

    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}
