import NIOHTTP1
import RoadsteadBasics

/// One call of the API, before it has an address or a session.
struct APIRequest: Sendable {
    enum Body: Sendable {
        case none
        case json(JSONObject)
        case form(FormFields)
        /// Bytes as they are.
        case raw([UInt8], contentType: String)
    }

    var method: HTTPMethod
    /// Below `/api/`: `deployment`, `deployment/<uuid>`, `deployment/<uuid>/start`.
    var path: String
    var parameters = FormFields()
    var body = Body.none
    var headers: [(name: String, value: String)] = []

    func url(at server: ServerAddress) -> String {
        let query = parameters.isEmpty ? "" : "?" + parameters.encoded
        return "\(server)/api/\(path)\(query)"
    }

    var contentType: String? {
        switch body {
        case .none: nil
        case .json: "application/json"
        case .form: "application/x-www-form-urlencoded"
        case .raw(_, let contentType): contentType
        }
    }

    var bytes: [UInt8]? {
        switch body {
        case .none: nil
        case .json(let object): JSONValue.object(object).serialized()
        case .form(let fields): Array(fields.encoded.utf8)
        case .raw(let bytes, _): bytes
        }
    }
}
