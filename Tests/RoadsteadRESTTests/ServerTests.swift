import AsyncHTTPClient
import Foundation
import NIOHTTP1
import RoadsteadBasics
import RoadsteadControl
import RoadsteadServer
import RoadsteadTestKit
import Testing

/// The dialect over the wire, at the assembled server.
@Suite struct ServerTests {
    private static let service = """
        {"name":"lab","template":{"href":"infrastructure-service-template/generic","subtype":"swarm",\
        "endpoint":"unix:///nonexistent/docker.sock"}}
        """

    @Test("the entry point names the collections under a base that ends in a slash")
    func entryPoint() async throws {
        try await TestServer.run { server in
            let answer = try await server.send(.GET, "/api/cloud-entry-point")
            #expect(answer.status == 200)
            #expect(answer.json["base-uri"] == .string("http://127.0.0.1:\(server.port)/api/"))
            #expect(answer.json["collections"]?["infrastructure-service"]?["href"] == "infrastructure-service")
            let forwarded = ["x-forwarded-proto": "https", "x-forwarded-host": "roadstead.example.org"]
            let unknown = try await server.send(.GET, "/api/cloud-entry-point", headers: forwarded)
            #expect(unknown.json["base-uri"] == .string("http://127.0.0.1:\(server.port)/api/"))
        }
        try await TestServer.run(trusting: "127.0.0.0/8") { server in
            let forwarded = ["x-forwarded-proto": "https", "x-forwarded-host": "roadstead.example.org"]
            let proxied = try await server.send(.GET, "/api/cloud-entry-point", headers: forwarded)
            #expect(proxied.json["base-uri"] == "https://roadstead.example.org/api/")
            let hostile = try await server.send(
                .GET, "/api/cloud-entry-point", headers: ["x-forwarded-host": "evil.example/\"><script>"])
            #expect(hostile.json["base-uri"] == .string("http://127.0.0.1:\(server.port)/api/"))
        }
    }

    @Test("a login answers 201 with a cookie that scripts cannot read, and logging out takes it back")
    func cookie() async throws {
        try await TestServer.run { server in
            let body =
                #"{"template":{"href":"session-template/password","username":"admin","password":"\#(TestServer.password)"}}"#
            let login = try await server.send(.POST, "/api/session", body)
            #expect(login.status == 201)
            let id = try #require(login.json["resource-id"]?.stringValue)
            #expect(login.headers.first(name: "location") == id)
            let cookie = try #require(login.headers.first(name: "set-cookie"))
            #expect(cookie.hasPrefix("com.com.sixsq.nuvla.cookie="))
            for attribute in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Expires="] {
                #expect(cookie.contains(attribute))
            }
            #expect(!cookie.contains("Secure"))
            let value = try #require(cookie.split(separator: ";").first.map(String.init))
            #expect(try await server.send(.PUT, "/api/session", cookie: value).json["count"] == 1)
            let logout = try await server.send(.DELETE, "/api/" + id, cookie: value)
            #expect(logout.status == 200)
            #expect(logout.headers.first(name: "set-cookie")?.contains("Max-Age=0") == true)
            #expect(try await server.send(.PUT, "/api/session", cookie: value).json["count"] == 0)
        }
    }

    @Test("over TLS at a trusted proxy the cookie is for TLS alone, and the proxy's word for an identity counts")
    func proxied() async throws {
        try await TestServer.run(trusting: "127.0.0.1") { server in
            let body =
                #"{"template":{"href":"session-template/password","username":"admin","password":"\#(TestServer.password)"}}"#
            let headers = ["x-forwarded-proto": "https", "x-real-ip": "192.0.2.7"]
            let secure = try await server.send(.POST, "/api/session", body, headers: headers)
            let cookie = try #require(secure.headers.first(name: "set-cookie"))
            #expect(cookie.contains("; Secure"))
            let value = try #require(cookie.split(separator: ";").first.map(String.init))
            let session = try await server.send(.GET, "/api/session", cookie: value).json["resources"]?.arrayValue?
                .first
            #expect(session?["client-ip"] == "192.0.2.7")
            let info = ["nuvla-authn-info": "group/nuvla-admin"]
            #expect(try await server.send(.GET, "/api/configuration", headers: info).status == 200)
        }
    }

    @Test("a form logs in too, and a form searches")
    func forms() async throws {
        try await TestServer.run { server in
            let form = ["content-type": "application/x-www-form-urlencoded"]
            let login = try await server.send(
                .POST, "/api/session",
                "href=session-template%2Fpassword&username=admin&password=\(TestServer.password)", headers: form)
            #expect(login.status == 201)
            let cookie = try await server.login()
            _ = try await server.send(.POST, "/api/infrastructure-service", Self.service, cookie: cookie)
            let search = { (body: String) in
                try await server.send(.PUT, "/api/infrastructure-service", body, cookie: cookie, headers: form)
            }
            let found = try await search("filter=name%3D%27lab%27&select=name&last=5")
            #expect(found.json["count"] == 1 && found.json["id"] == "infrastructure-service")
            #expect(found.json["resources"]?.arrayValue?.first?.objectValue?.count == 2)
            let counted = try await search("last=0")
            #expect(counted.json["resources"] == [] && counted.json["operations"] != nil)
            let bad = try await search("filter=name%3Dlab")
            #expect(bad.status == 400)
            #expect(bad.json["message"]?.stringValue?.hasPrefix("Invalid CIMI filter.") == true)
        }
    }

    @Test("the nuvla-authn-info header makes nobody an administrator")
    func internalHeader() async throws {
        try await TestServer.run { server in
            let answer = try await server.send(
                .GET, "/api/job", headers: ["nuvla-authn-info": "group/nuvla-admin group/nuvla-admin"])
            #expect(answer.status == 403)
            #expect(answer.json["message"] == "credentials required")
        }
    }

    @Test("what is wrong with a request is told with its status")
    func refusals() async throws {
        try await TestServer.run { server in
            let cookie = try await server.login()
            let cases: [(HTTPMethod, String, String?, Int)] = [
                (.GET, "/api/nosuch", nil, 405), (.POST, "/api/nosuch", "{}", 405),
                (.GET, "/api/job/nosuch", nil, 404), (.GET, "/api/nosuch/x", nil, 405),
                (.PATCH, "/api/job", nil, 405),
                (.POST, "/api/infrastructure-service", "{", 400), (.POST, "/api/infrastructure-service", "[]", 400),
                (.POST, "/api/infrastructure-service/x/fly", nil, 404), (.GET, "/api/a/b/c/d", nil, 404),
                (.DELETE, "/api/event", "filter=id!=null", 400), (.GET, "/api/job?filter=x", nil, 400),
                (.GET, "/api/job?last=10001", nil, 400), (.OPTIONS, "/api/job", nil, 204), (.GET, "/health", nil, 200),
                (.GET, "/ready", nil, 200),
            ]
            for (method, path, body, status) in cases {
                let answer = try await server.send(method, path, body, cookie: cookie)
                #expect(answer.status == status, "\(method) \(path): \(answer.text)")
                if status >= 400 {
                    #expect(answer.json["status"] == JSONValue(status))
                    #expect(answer.json["message"]?.stringValue?.isEmpty == false)
                }
                #expect(answer.headers.first(name: "x-request-id") != nil)
            }
        }
    }

    @Test("HEAD answers as GET does, without a body")
    func head() async throws {
        try await TestServer.run { server in
            let answer = try await server.send(.HEAD, "/api/cloud-entry-point")
            #expect(answer.status == 200 && answer.text.isEmpty)
            #expect(answer.headers.first(name: "content-type") == "application/json")
        }
    }

    @Test("a check of a credential runs as a job whose end the stream tells")
    func checkAndStream() async throws {
        try await TestServer.run { server in
            let cookie = try await server.login()
            let service = try await server.send(.POST, "/api/infrastructure-service", Self.service, cookie: cookie)
            let serviceID = try #require(service.json["resource-id"]?.stringValue)
            let body = """
                {"template":{"href":"credential-template/infrastructure-service-swarm","parent":"\(serviceID)"}}
                """
            let credential = try await server.send(.POST, "/api/credential", body, cookie: cookie)
            let id = try #require(credential.json["resource-id"]?.stringValue)
            let check = try await server.send(.POST, "/api/\(id)/check", cookie: cookie)
            #expect(check.status == 202)
            let job = try #require(check.json["location"]?.stringValue)
            let stream = try await server.send(.GET, "/api/\(job)/stream", cookie: cookie)
            #expect(stream.headers.first(name: "content-type") == "text/event-stream")
            #expect(stream.text.hasSuffix("event: end\ndata: {}\n\n"))
            let events = stream.text.split(separator: "\n\n").filter { $0.hasPrefix("event: progress\ndata: ") }
            let last = try JSONValue.parse(String(try #require(events.last).dropFirst("event: progress\ndata: ".count)))
            #expect(last["state"] == "FAILED" && last["progress"] == 100)
            #expect(last["status-message"]?.stringValue?.contains("/nonexistent/docker.sock") == true)
            let checked = try await server.send(.GET, "/api/" + id, cookie: cookie).json
            #expect(checked["status"] == "UNKNOWN" && checked["last-check"] != nil)
            #expect(try await server.send(.GET, "/api/" + serviceID, cookie: cookie).json["online"] == false)
            #expect(try await server.send(.GET, "/api/\(job)/stream").status == 403)
        }
    }

    @Test("what a server has stored is there after its restart, and the session too")
    func restart() async throws {
        try await TemporaryDirectory.run { folder in
            let configuration = try TestServer.configuration(folder.file("data"))
            let keep = Keep()
            try await TestServer.run(configuration) { port in
                let server = TestServer(port: port, directory: folder.path, client: .shared)
                let cookie = try await server.login()
                let answer = try await server.send(.POST, "/api/infrastructure-service", Self.service, cookie: cookie)
                await keep.set(cookie, try #require(answer.json["resource-id"]?.stringValue))
            }
            try await TestServer.run(configuration) { port in
                let server = TestServer(port: port, directory: folder.path, client: .shared)
                let answer = try await server.send(.GET, "/api/" + keep.id, cookie: keep.cookie)
                #expect(answer.json["name"] == "lab")
            }
        }
    }

    private actor Keep {
        var cookie = ""
        var id = ""

        func set(_ cookie: String, _ id: String) { (self.cookie, self.id) = (cookie, id) }
    }
}
