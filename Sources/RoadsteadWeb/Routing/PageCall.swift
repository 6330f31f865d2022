import RoadsteadBasics
import RoadsteadControl
import RoadsteadHTTP
import RoadsteadModel

/// One request for a page: who asks, what for, and with which fields.
struct PageCall: Sendable {
    let request: IncomingRequest
    let plane: ControlPlane
    let scope: RequestScope
    /// What forms of this session carry.
    let token: String
    /// Of the path, by the names of the route's pattern.
    var parameters: [String: String] = [:]
    /// The fields of the form that was sent; of the query string for a GET.
    let fields: PageFields

    /// Throws when the body of a POST is no form.
    init(request: IncomingRequest, plane: ControlPlane, scope: RequestScope, token: String) throws {
        self.request = request
        self.plane = plane
        self.scope = scope
        self.token = token
        fields = PageFields(request.method == "POST" ? try Self.form(request) : request.fields)
    }

    private static func form(_ request: IncomingRequest) throws -> [(name: String, value: String)] {
        let type = request.header("Content-Type")?.lowercased() ?? ""
        guard request.body.isEmpty || type.hasPrefix("application/x-www-form-urlencoded") else {
            throw HTTPFailure(status: 415, message: "pages take forms only; programs speak to /api")
        }
        guard let text = String(validating: request.body, as: UTF8.self) else {
            throw RoadsteadError(.invalidInput, "the form is not UTF-8")
        }
        return try FormFields.parse(text)
    }

    var resources: ResourceService { plane.resources }

    /// The id whose identifier is the path's `:id`; `notFound` when that is none.
    func id(_ type: String) throws(RoadsteadError) -> ResourceID {
        let identifier = parameters["id"] ?? ""
        guard let id = ResourceID("\(type)/\(identifier)") else {
            throw RoadsteadError(.notFound, "there is no \(type) '\(identifier.prefix(100))'")
        }
        return id
    }

    /// The request's path with its query.
    var location: String { request.query.isEmpty ? request.path : request.path + "?" + request.query }
}

/// Decoded fields in their order.
struct PageFields: Sendable {
    private let fields: [(name: String, value: String)]

    init(_ fields: [(name: String, value: String)]) { self.fields = fields }

    /// Without blanks at its ends; nil when it is missing or blank.
    subscript(name: String) -> String? {
        raw(name).flatMap { value in
            let text = value.trimming { $0.isWhitespace }
            return text.isEmpty ? nil : text
        }
    }

    /// As it was sent: blanks are part of a password.
    func raw(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    func integer(_ name: String) -> Int? { self[name].flatMap { Int($0) } }
}

extension String {
    func trimming(_ isRemoved: (Character) -> Bool) -> String {
        guard let first = firstIndex(where: { !isRemoved($0) }), let last = lastIndex(where: { !isRemoved($0) }) else {
            return ""
        }
        return String(self[first...last])
    }
}
