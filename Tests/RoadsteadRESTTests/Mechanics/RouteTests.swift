import NIOHTTP1
import RoadsteadBasics
import Testing

/// The rows of the dialect's routing table, one by one, at a live server.
@Suite struct RouteTests {
    struct Row: Sendable {
        let method: HTTPMethod
        let path: String
        let body: String?
        let headers: [String: String]
        let status: Int
        /// Part of the answer's text.
        let words: String

        init(
            _ method: HTTPMethod, _ path: String, body: String? = nil, headers: [String: String] = [:], _ status: Int,
            _ words: String = ""
        ) {
            self.method = method
            self.path = path
            self.body = body
            self.headers = headers
            self.status = status
            self.words = words
        }
    }

    static let form = ["content-type": "application/x-www-form-urlencoded"]
    static let bulk = ["bulk": "yes"]
    static let generic = "infrastructure-service-template/generic"

    static let rows: [Row] = [
        // 1, 2, 3: pre-flight, static files, the entry point
        Row(.OPTIONS, "/api/job", 204), Row(.OPTIONS, "/elsewhere", 204), Row(.GET, "/api/static/x.css", 404),
        Row(.GET, "/api/cloud-entry-point", 200, "base-uri"), Row(.HEAD, "/api/cloud-entry-point", 200),
        Row(.PUT, "/api/cloud-entry-point", body: #"{"name":"mine"}"#, 403, "invalid credentials"),
        Row(.POST, "/api/cloud-entry-point", body: "{}", 405), Row(.DELETE, "/api/cloud-entry-point", 405),
        // 4: no hooks yet
        Row(.POST, "/api/hook/reset-password", body: "{}", 404), Row(.GET, "/api/hook", 405),
        // 5: add
        Row(
            .POST, "/api/infrastructure-service",
            body: #"{"template":{"href":"\#(generic)","subtype":"s3","endpoint":"https://s3"}}"#, 201, "created"),
        Row(.POST, "/api/infrastructure-service", body: "{}", 400, "template.href"),
        Row(.POST, "/api/infrastructure-service", body: #"{"template":{"href":"\#(generic)x"}}"#, 400, "not found"),
        Row(.POST, "/api/job", body: "{}", 403), Row(.POST, "/api/credential-template", body: "{}", 405),
        Row(.POST, "/api/nosuch", body: "{}", 405, "invalid method (add) for nosuch"),
        // 6: query
        Row(.GET, "/api/infrastructure-service", 200, "infrastructure-service-collection"),
        Row(.PUT, "/api/infrastructure-service", 200, "infrastructure-service-collection"),
        Row(.PUT, "/api/infrastructure-service?filter=name='lab'", body: "last=0", headers: form, 200, #""count":1"#),
        Row(.PUT, "/api/infrastructure-service", body: #"{"filter":"name='nosuch'"}"#, 200, #""count":0"#),
        Row(.HEAD, "/api/infrastructure-service", 200), Row(.GET, "/api/nosuch", 405), Row(.PUT, "/api/nosuch", 405),
        Row(.GET, "/api/configuration", 403, "credentials required"),
        Row(.GET, "/api/credential-template", 200), Row(.GET, "/api/resource-metadata", 200, "resource-metadata/job"),
        // 7: bulk delete
        Row(.DELETE, "/api/event", body: "filter=id=null", headers: form.merging(bulk) { $1 }, 200, #""deleted":0"#),
        Row(.DELETE, "/api/event?filter=id=null", headers: bulk, 200, #""total":0"#),
        Row(.DELETE, "/api/event?filter=id=null", 400, "bulk: yes"),
        Row(.DELETE, "/api/event", headers: bulk, 400, "filter"),
        Row(.DELETE, "/api/job?filter=id=null", headers: bulk, 403), Row(.DELETE, "/api/module", headers: bulk, 405),
        Row(.DELETE, "/api/nosuch", headers: bulk, 405),
        // 8: other methods on a collection
        Row(.PATCH, "/api/event", 405), Row(.TRACE, "/api/event", 405),
        // 9: bulk actions
        Row(.PATCH, "/api/deployment/set-tags", body: #"{"doc":{"tags":["a"]}}"#, headers: bulk, 200, #""updated":0"#),
        Row(.PATCH, "/api/deployment/set-tags", body: #"{"doc":{"tags":["a"]}}"#, 400, "bulk: yes"),
        Row(.PATCH, "/api/deployment/set-tags", body: "{}", headers: bulk, 400, "doc is missing"),
        Row(.PATCH, "/api/deployment/fly", body: #"{"filter":"id!=null"}"#, headers: bulk, 404),
        Row(.PATCH, "/api/event/x", headers: bulk, 404),
        Row(.PATCH, "/api/nosuch/x", headers: bulk, 405),
        // 10: retrieve
        Row(.GET, "/api/{service}", 200, #""name":"lab""#), Row(.HEAD, "/api/{service}", 200),
        Row(.GET, "/api/{service}?select=name", 200), Row(.GET, "/api/infrastructure-service/nosuch", 404, "not found"),
        Row(.GET, "/api/nosuch/x", 405), Row(.GET, "/api/{foreign}", 403, "invalid credentials for"),
        Row(.GET, "/api/session-template/password", 200), Row(.GET, "/api/session-template/nosuch", 404),
        Row(.GET, "/api/resource-metadata/nosuch", 404), Row(.GET, "/api/configuration/nuvla", 403),
        // 11: edit
        Row(.PUT, "/api/{service}", body: #"{"description":"d"}"#, 200, #""description":"d""#),
        Row(.PUT, "/api/infrastructure-service/nosuch", body: "{}", 404), Row(.PUT, "/api/{event}", body: "{}", 405),
        Row(.PUT, "/api/{foreign}", body: "{}", 403), Row(.PUT, "/api/nosuch/x", body: "{}", 405),
        // 13, before 12 takes the resource away
        Row(.POST, "/api/{service}", body: "{}", 405), Row(.PATCH, "/api/infrastructure-service/x", headers: bulk, 404),
        // 14: actions, by any method
        Row(.POST, "/api/{session}/get-groups", 200), Row(.GET, "/api/{session}/get-groups", 200),
        Row(.PUT, "/api/{session}/get-groups", body: "", headers: ["content-type": "text/plain"], 200),
        Row(.POST, "/api/{service}/fly", 404, "no action 'fly'"), Row(.POST, "/api/nosuch/x/fly", 404),
        Row(.POST, "/api/credential/nosuch/check", 404), Row(.POST, "/api/{foreign-credential}/check", 403),
        // 15: anything else
        Row(.GET, "/api/a/b/c/d", 404, "unknown resource"), Row(.GET, "/api/job/", 404), Row(.GET, "/api//job", 404),
        Row(.GET, "/api/job/x%20y", 404),
        // 12: delete
        Row(.DELETE, "/api/{foreign}", 403), Row(.DELETE, "/api/infrastructure-service/nosuch", 404),
        Row(.DELETE, "/api/session-template/password", 405), Row(.DELETE, "/api/{service}", 200, "deleted"),
        Row(.DELETE, "/api/{service}", 404),
        // ours
        Row(.GET, "/health", 200), Row(.GET, "/ready", 200), Row(.GET, "/metrics", 200, "# TYPE"),
        Row(.GET, "/api/openapi.json", 200, #""openapi":"3.1.0""#),
    ]

    @Test("every row of the routing table gives its status, and every refusal its body")
    func table() async throws {
        try await TestServer.run { server in
            let ada = try await server.user("ada")
            let bob = try await server.user("bob")
            var places = ["service": try await server.addService(cookie: ada)]
            places["foreign"] = try await server.addService("his", cookie: bob)
            places["foreign-credential"] = try await server.add(
                "credential", #"{"template":{"href":"credential-template/generate-api-key"}}"#, cookie: bob)
            places["event"] = try await server.addEvent(cookie: ada)
            let session = try await server.send(.GET, "/api/session", cookie: ada)
            places["session"] = session.json["resources"]?.arrayValue?.first?["id"]?.stringValue ?? ""
            for row in Self.rows {
                let path = places.reduce(row.path) { $0.replacing("{\($1.key)}", with: $1.value) }
                let answer = try await server.send(row.method, path, row.body, cookie: ada, headers: row.headers)
                #expect(answer.status == row.status, "\(row.method) \(path): \(answer.status) \(answer.text)")
                #expect(row.words.isEmpty || answer.text.contains(row.words), "\(row.method) \(path): \(answer.text)")
                check(answer, row, path)
            }
        }
    }

    private func check(_ answer: TestServer.Answer, _ row: Row, _ path: String) {
        #expect(answer.headers.first(name: "x-request-id") != nil)
        if row.method == .HEAD { #expect(answer.text.isEmpty) }
        guard row.status >= 400, row.method != .HEAD else { return }
        #expect(answer.json["status"] == JSONValue(row.status), "\(path): \(answer.text)")
        #expect(answer.json["message"]?.stringValue?.isEmpty == false)
        #expect(answer.headers.first(name: "content-type") == "application/json")
        if row.status == 405 {
            #expect(answer.json["resource-id"]?.stringValue?.isEmpty == false, "\(path)")
            #expect(answer.headers.first(name: "allow")?.contains("OPTIONS") == true)
        }
    }

    @Test("an add answers with its id in the body and in Location, and asking twice for one name is a conflict")
    func created() async throws {
        try await TestServer.run { server in
            let cookie = try await server.login()
            let body = #"{"template":{"href":"group-template/generic","group-identifier":"ops"}}"#
            let made = try await server.send(.POST, "/api/group", body, cookie: cookie)
            #expect(made.status == 201)
            #expect(made.json["resource-id"] == "group/ops" && made.json["message"] == "group/ops created")
            #expect(made.headers.first(name: "location") == "group/ops")
            let again = try await server.send(.POST, "/api/group", body, cookie: cookie)
            #expect(again.status == 409)
            #expect(again.json["resource-id"] == "group/ops")
        }
    }

    @Test("strangers are refused as the dialect does it: 403 where they may not, 400 where a template comes first")
    func strangers() async throws {
        try await TestServer.run { server in
            let jobs = try await server.send(.GET, "/api/job")
            #expect(jobs.status == 403)
            #expect(try await server.send(.POST, "/api/module", "{}").status == 403)
            #expect(try await server.send(.POST, "/api/credential", "{}").status == 400)
            #expect(try await server.send(.GET, "/api/user").json["count"] == 0)
            #expect(try await server.send(.PUT, "/api/session").json["count"] == 0)
        }
    }
}
