import HTTPTypes
import RoadsteadBasics
import RoadsteadControl
import RoadsteadHTTP
import RoadsteadModel

extension IncomingRequest {
    /// Types whose adds may be forms: their flat fields become the template's.
    private static let formTypes: Set<String> = ["session", "user"]

    private func mediaType() throws -> MediaType {
        guard let type = MediaType(headers[.contentType]) else {
            throw HTTPFailure(
                status: 415, message: "Content-Type '\(headers[.contentType] ?? "")' names a charset; send UTF-8")
        }
        return type
    }

    private func unsupported(_ wanted: String) -> HTTPFailure {
        HTTPFailure(
            status: 415,
            message: "Content-Type '\((headers[.contentType] ?? "").prefix(100))' is not taken here; send \(wanted)")
    }

    /// The body of an add: an object, or a form for the types that people log in and register with.
    func addition(to type: String) throws -> JSONObject {
        switch try mediaType() {
        case .none, .json, .patch: return try object()
        case .form where Self.formTypes.contains(type):
            return ["template": .object(try form())]
        case .form, .other:
            if body.isEmpty { return [:] }
            throw unsupported("application/json")
        }
    }

    /// The body of an edit: attributes to merge, or a patch.
    func change() throws -> ResourceChange {
        switch try mediaType() {
        case .none, .json: return .merge(try object())
        case .patch: return .patch(try JSONPatch(json: try json()))
        case .form, .other:
            if body.isEmpty { return .merge([:]) }
            throw unsupported("application/json or application/json-patch+json")
        }
    }

    /// The body of an action: an object of whatever type it claims to be, or a form.
    func argument() throws -> JSONObject {
        if body.isEmpty { return [:] }
        // Tools like curl call everything a form unless they are told otherwise.
        if try mediaType() == .form, body.first != UInt8(ascii: "{") { return try form() }
        return try object()
    }

    /// The fields of the query string, as streams take their arguments; one that comes several times is an array.
    var streamArguments: JSONObject {
        var fields = JSONObject()
        for (name, value) in self.fields {
            let text = JSONValue.string(value)
            fields[name] = fields[name].map { .array(($0.arrayValue ?? [$0]) + [text]) } ?? text
        }
        return fields
    }

    /// What a listing is asked for: by the query string, and by a form or an object in the body.
    func parameters() throws -> QueryParameters {
        guard !body.isEmpty, method != "GET", method != "HEAD" else { return QueryParameters(pairs: fields) }
        switch try mediaType() {
        case .form: return QueryParameters(pairs: fields + (try FormFields.parse(try text())))
        case .none, .json: return QueryParameters(pairs: fields + Self.pairs(try object()))
        case .patch, .other: throw unsupported("application/x-www-form-urlencoded")
        }
    }

    /// Strings, numbers, and arrays of them count as fields.
    private static func pairs(_ object: JSONObject) -> [(name: String, value: String)] {
        object.flatMap { name, value in
            (value.arrayValue ?? [value]).compactMap { element in
                element.stringValue.map { (name, $0) } ?? element.integerValue.map { (name, String($0)) }
            }
        }
    }

    private func form() throws -> JSONObject {
        JSONObject(try FormFields.parse(try text()).map { ($0.name, JSONValue.string($0.value)) })
    }

    private func text() throws -> String {
        guard let text = String(validating: body, as: UTF8.self) else {
            throw RoadsteadError(.invalidInput, "the form is not UTF-8")
        }
        return text
    }

    /// The body as an object; an empty body is an empty object.
    private func object() throws -> JSONObject {
        if body.isEmpty { return [:] }
        guard let object = try json().objectValue else {
            throw RoadsteadError(.invalidInput, "the body must be a JSON object")
        }
        return object
    }

    private func json() throws -> JSONValue {
        do { return try JSONValue.parse(body) } catch {
            throw RoadsteadError(
                .invalidInput, "the body is not JSON: \(error.problem) at \(Self.place(error.offset, in: body))")
        }
    }

    /// Line and column of a byte, both from 1; columns count characters of UTF-8.
    private static func place(_ offset: Int, in body: [UInt8]) -> String {
        let before = body.prefix(offset)
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let lastLine = before.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).last ?? []
        return "line \(line), column \(lastLine.count { $0 & 0xC0 != 0x80 } + 1)"
    }
}
