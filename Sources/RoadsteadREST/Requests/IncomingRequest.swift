import HTTPTypes
import Hummingbird
import NIOCore
import RoadsteadBasics
import RoadsteadModel

/// A request with its body read, and the ways to look at both.
struct IncomingRequest {
    let method: String
    let path: String
    let query: String
    let headers: HTTPFields
    let body: [UInt8]

    /// 16 MiB: an application with its files.
    static let largestBody = 16 << 20

    /// Throws an `HTTPFailure` of 413 when the body is larger than `largestBody`.
    init(_ request: Request) async throws {
        method = request.method.rawValue
        path = FormFields.decode(request.uri.path.replacing("+", with: "%2B"))
        query = request.uri.query ?? ""
        headers = request.headers
        do {
            body = Array(buffer: try await request.body.collect(upTo: Self.largestBody))
        } catch is NIOTooManyBytesError {
            throw HTTPFailure(
                status: 413, message: "the body is larger than \(Self.largestBody >> 20) MiB; send less at once")
        }
    }

    var call: APICall { APICall(method: method, path: path) }

    private var mediaType: String {
        let type = headers[.contentType]?.split(separator: ";").first ?? ""
        return type.trimmingBlanks().lowercased()
    }

    var isForm: Bool { mediaType == "application/x-www-form-urlencoded" }

    /// Fields of the query string, and of a form body.
    var fields: [(name: String, value: String)] {
        FormFields.parse(query) + (isForm ? FormFields.parse(String(decoding: body, as: UTF8.self)) : [])
    }

    var parameters: QueryParameters { QueryParameters(pairs: fields) }

    /// `select` of the query string alone, as an edit reads it.
    var selected: [String] { QueryParameters(pairs: FormFields.parse(query)).select ?? [] }

    /// The body as an object; an empty body is an empty object. A form's fields become the template's.
    func object() throws -> JSONObject {
        try checkEncoding()
        if body.isEmpty { return [:] }
        if isForm {
            let fields = FormFields.parse(String(decoding: body, as: UTF8.self))
            return ["template": .object(JSONObject(fields.map { ($0.name, JSONValue.string($0.value)) }))]
        }
        do {
            guard let object = try JSONValue.parse(body).objectValue else {
                throw RoadsteadError(.invalidInput, "the body must be a JSON object")
            }
            return object
        } catch let error as JSONParseError {
            throw RoadsteadError(.invalidInput, "the body is not JSON: \(error)")
        }
    }

    private func checkEncoding() throws {
        if let encoding = headers[.contentEncoding], encoding.lowercased() != "identity" {
            throw HTTPFailure(
                status: 415, message: "Content-Encoding \(encoding) is not supported; send the body as it is")
        }
        if mediaType == "application/json-patch+json" {
            throw HTTPFailure(
                status: 415, message: "JSON Patch is not supported; send the attributes to change as a JSON object")
        }
    }

    /// The value of a cookie, of the first that has the name.
    func cookie(_ name: String) -> String? {
        for header in headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                if parts.count == 2, parts[0].trimmingBlanks() == name { return parts[1].trimmingBlanks() }
            }
        }
        return nil
    }
}

extension StringProtocol {
    func trimmingBlanks() -> String {
        let isBlank = { (character: Character) in character == " " || character == "\t" || character == "\"" }
        return String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}
