import NIOHTTP1
import RoadsteadBasics
import Testing

/// Input that is wrong in every way that somebody thought of: a status of the dialect and a message that names the place.
@Suite struct MalformedInputTests {
    struct Case: Sendable {
        let method: HTTPMethod
        let path: String
        let body: [UInt8]?
        let type: String?
        let status: Int
        let words: String

        init(
            _ method: HTTPMethod, _ path: String, _ body: String?, _ status: Int, _ words: String, type: String? = nil
        ) { self.init(method, path, bytes: body.map { Array($0.utf8) }, status, words, type: type) }

        init(
            _ method: HTTPMethod, _ path: String, bytes: [UInt8]?, _ status: Int, _ words: String, type: String? = nil
        ) {
            self.method = method
            self.path = path
            body = bytes
            self.type = type
            self.status = status
            self.words = words
        }
    }

    private static let service = "/api/infrastructure-service"
    private static let form = "application/x-www-form-urlencoded"

    static let cases: [Case] = [
        // Forms
        Case(
            .PUT, service, Array(repeating: "filter=id='1'", count: 1001).joined(separator: "&"), 400,
            "more than 1000 form fields", type: form),
        Case(.GET, service + "?" + Array(repeating: "a", count: 1001).joined(separator: "&"), nil, 400, "1000 form"),
        // Bodies
        Case(.POST, service, "{", 400, "line 1, column 2"), Case(.POST, service, "{\n \"é\": tru}", 400, "line 2"),
        Case(.POST, service, #"{"a":1,}"#, 400, "expected a key in quotes at line 1, column 8"),
        Case(.POST, service, #"{"a":1,"a":2}"#, 400, "key 'a' comes twice"),
        Case(.POST, service, "[]", 400, "must be a JSON object"),
        Case(.POST, service, "null", 400, "must be a JSON object"),
        Case(.POST, service, #"{"template":7}"#, 400, "template"),
        Case(.POST, service, String(repeating: #"{"a":"#, count: 200), 400, "levels deep"),
        Case(.POST, service, String(repeating: "[", count: 100_000), 400, "levels deep"),
        Case(.POST, service, bytes: [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D], 400, "not UTF-8"),
        Case(.POST, service, #"{"a":"\ud800"}"#, 400, "lone surrogate"),
        Case(.POST, service, "{\"a\":\"\u{1}\"}", 400, "control character"),
        Case(.POST, service, #"{"a":01}"#, 400, "not JSON"), Case(.POST, service, #"{"a":NaN}"#, 400, "not JSON"),
        Case(.POST, service, "\u{FEFF}{}", 400, "not JSON"),
        Case(.PUT, "/api/{id}", #"{"name":7}"#, 400, "name must be a string"),
        Case(.PUT, "/api/{id}", #"{"tags":["a","a"]}"#, 400, "tags must not hold the same element twice"),
        Case(.PUT, "/api/{id}", #"{"tags":{"a":1}}"#, 400, "tags must be an array"),
        Case(.PUT, "/api/{id}", #"{"parent":"no id"}"#, 400, "parent must be"),
        Case(.PUT, "/api/{id}", #"{"acl":{"owners":[]}}"#, 400, "acl.owners"),
        Case(.PUT, "/api/{id}", #"{"acl":{"owners":["user/a"],"fly":["user/a"]}}"#, 400, "acl.fly is not a right"),
        Case(.PUT, "/api/{id}", #"{"acl":{"owners":["USER/A b"]}}"#, 400, "is not a principal"),
        // Types
        Case(.POST, service, "<a/>", 415, "'text/xml'", type: "text/xml"),
        Case(.POST, service, "a=b", 415, "application/json", type: form),
        Case(.PUT, "/api/{id}", "a=b", 415, "json-patch", type: form),
        Case(.POST, service, "{}", 415, "charset", type: "application/json; charset=latin1"),
        Case(.POST, service, "{}", 400, "template.href", type: "application/json; charset=UTF-8"),
        Case(.POST, service, "{}", 400, "template.href", type: "application/vnd.x+json"),
        Case(.PUT, service, "<a/>", 415, "urlencoded", type: "text/xml"),
        Case(.PUT, service, bytes: [0x66, 0xFF], 400, "not UTF-8", type: form),
        Case(.POST, "/api/session", bytes: [0xFF], 400, "not UTF-8", type: form),
        // Filters and pages
        Case(.GET, service + "?filter=name", nil, 400, "Invalid CIMI filter."),
        Case(.GET, service + "?filter=name%3D", nil, 400, "Invalid CIMI filter."),
        Case(.GET, service + "?filter=name%3D'a", nil, 400, "Invalid CIMI filter."),
        Case(.GET, service + "?filter=cpu%3D-1", nil, 400, "Invalid CIMI filter."),
        Case(.GET, service + "?filter=" + String(repeating: "(", count: 3000), nil, 400, ""),
        Case(.PUT, service, "filter=a%3D%3D%3D1", 400, "Invalid CIMI filter.", type: form),
        Case(.GET, service + "?last=10001", nil, 400, "10001"),
        Case(.GET, service + "?first=x&last=y&orderby=%20&select=,", nil, 200, "count"),
        Case(.GET, service + "?filter=%FF%FE", nil, 400, "Invalid CIMI filter."),
        Case(.GET, service + "?%", nil, 200, "count"),
        // Ids, types, actions
        Case(.GET, "/api/infrastructure-service/%2e%2e%2f%2e%2e", nil, 404, ""), Case(.GET, "/api/%00/x", nil, 404, ""),
        Case(.GET, "/api/" + String(repeating: "a", count: 300) + "/x", nil, 404, ""),
        Case(.GET, "/api/Infrastructure-Service/x", nil, 404, ""),
        Case(.GET, "/api/{id}%20", nil, 404, ""), Case(.POST, "/api/{id}/%2e%2e", "{}", 404, "no action"),
        Case(.GET, service + "?filter=" + String(repeating: "a", count: 20_000), nil, 414, "16384 bytes"),
        Case(.PUT, "/api/{id}", #"[{"op":"add"}]"#, 400, "operation 0", type: "application/json-patch+json"),
    ]

    @Test("every malformed request is answered with its status, and the answer says what and where")
    func table() async throws {
        try await TestServer.run { server in
            let cookie = try await server.login()
            let id = try await server.addService(cookie: cookie)
            for item in Self.cases {
                let path = item.path.replacing("{id}", with: id)
                let headers = item.type.map { ["content-type": $0] } ?? [:]
                let answer =
                    if let body = item.body {
                        try await server.send(item.method, path, bytes: body, cookie: cookie, headers: headers)
                    } else { try await server.send(item.method, path, cookie: cookie, headers: headers) }
                let what =
                    "\(item.method) \(path.prefix(80)) \(String(decoding: item.body?.prefix(60) ?? [], as: UTF8.self))"
                #expect(answer.status == item.status, "\(what): \(answer.status) \(answer.text)")
                #expect(item.words.isEmpty || answer.text.contains(item.words), "\(what): \(answer.text)")
                if item.status >= 400 { #expect(answer.json["message"]?.stringValue?.isEmpty == false) }
                #expect(answer.text.utf8.count < 30_000)
            }
            let document = try await server.send(.GET, "/api/" + id, cookie: cookie)
            #expect(document.headers.first(name: "etag")?.hasPrefix("\"1.") == true)
        }
    }

    @Test("a body of more than 16 MiB is refused")
    func tooLarge() async throws {
        try await TestServer.run { server in
            let cookie = try await server.login()
            let body = [UInt8](repeating: UInt8(ascii: " "), count: (16 << 20) + 1)
            let answer = try await server.send(.POST, Self.service, bytes: body, cookie: cookie)
            #expect(answer.status == 413 && answer.text.contains("16 MiB"))
        }
    }
}
