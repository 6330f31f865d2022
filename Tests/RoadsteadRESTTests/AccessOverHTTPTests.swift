import NIOCore
import NIOHTTP1
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// Sessions, keys and throttling as a client meets them.
@Suite struct AccessOverHTTPTests {
    private static let form = ["content-type": "application/x-www-form-urlencoded"]

    private static func login(_ name: String, _ password: String) -> String {
        #"{"template":{"href":"session-template/password","username":"\#(name)","password":"\#(password)"}}"#
    }

    @Test("a cookie is kept from scripts and other sites; a logout takes it back, and every copy is worth nothing")
    func cookie() async throws {
        try await TestServer.run { server in
            let answer = try await server.send(.POST, "/api/session", Self.login("admin", TestServer.password))
            let text = try #require(answer.headers.first(name: "set-cookie"))
            #expect(answer.status == 201 && text.hasPrefix("com.com.sixsq.nuvla.cookie="))
            for attribute in ["Path=/", "HttpOnly", "SameSite=Lax", "Expires="] { #expect(text.contains(attribute)) }
            #expect(!text.contains("Secure") && !text.contains("Domain"))
            let cookie = try #require(text.split(separator: ";").first.map(String.init))
            let id = try #require(answer.json["resource-id"]?.stringValue)
            #expect(answer.headers.first(name: "location") == id)
            let session = try await server.send(.GET, "/api/\(id)", cookie: cookie)
            #expect(session.json["server"] == "127.0.0.1" && session.json["client-ip"] == "127.0.0.1")
            #expect(session.json["token-hash"] == nil)
            let logout = try await server.send(.DELETE, "/api/\(id)", cookie: cookie)
            let revoked = try #require(logout.headers.first(name: "set-cookie"))
            #expect(revoked.contains("=INVALID;") && revoked.contains("Max-Age=0"))
            let after = try await server.send(.PUT, "/api/session", "", cookie: cookie, headers: Self.form)
            #expect(after.json["count"] == 0)
            #expect(try await server.send(.GET, "/api/job", cookie: cookie).status == 403)
        }
    }

    @Test("a form logs in too, with the fields of the template")
    func form() async throws {
        try await TestServer.run { server in
            let body = "href=session-template/password&username=admin&password=\(TestServer.password)"
            let answer = try await server.send(.POST, "/api/session", body, headers: Self.form)
            #expect(answer.status == 201 && answer.headers.first(name: "set-cookie") != nil)
        }
    }

    @Test("guessing ends in 429, and says when to try again; the right password does not help then")
    func throttle() async throws {
        // Time stands still: on a busy machine the second of the first delay is over before the next try arrives.
        try await TestServer.run(clock: FixedClock()) { server in
            for attempt in 0..<6 {
                let answer = try await server.send(.POST, "/api/session", Self.login("admin", "Wrong-pass-\(attempt)"))
                #expect(answer.status == (attempt < 5 ? 403 : 429))
                guard attempt == 5 else { continue }
                #expect(answer.json["message"]?.stringValue?.contains("try again in") == true)
                #expect(answer.headers.first(name: "retry-after") == "1")
            }
            let right = try await server.send(.POST, "/api/session", Self.login("admin", TestServer.password))
            #expect(right.status == 429 && right.headers.first(name: "set-cookie") == nil)
            let other = try await server.send(.POST, "/api/session", Self.login("nobody", "Wrong-pass-1"))
            #expect(other.status == 403)
        }
    }

    @Test("a scoped key over the wire: what it may is 200, the rest 403 with the reason")
    func scopedKey() async throws {
        try await TestServer.run { server in
            let cookie = try await server.login()
            let made = try await server.send(
                .POST, "/api/credential",
                #"{"template":{"href":"credential-template/generate-api-key","scope":{"actions":["query"],"resources":["credential"]}}}"#,
                cookie: cookie)
            let key = try #require(made.json["resource-id"]?.stringValue)
            let secret = try #require(made.json["secret-key"]?.stringValue)
            let login = try await server.send(
                .POST, "/api/session",
                #"{"template":{"href":"session-template/api-key","key":"\#(key)","secret":"\#(secret)"}}"#)
            let scoped = try #require(login.headers.first(name: "set-cookie")?.split(separator: ";").first)
            let cookieOfKey = String(scoped)
            let list = try await server.send(.GET, "/api/credential", cookie: cookieOfKey)
            #expect(list.status == 200 && list.json["operations"] == nil)
            for (method, path) in [
                (HTTPMethod.GET, "/api/\(key)"), (.DELETE, "/api/\(key)"), (.POST, "/api/credential"),
                (.GET, "/api/event"), (.GET, "/api/user"),
            ] {
                let answer = try await server.send(
                    method, path, method == .POST ? "{}" : nil, cookie: cookieOfKey)
                #expect(answer.status == 403 && answer.text.contains("scope of the API key"), "\(method) \(path)")
            }
            #expect(try await server.send(.DELETE, "/api/\(key)", cookie: cookie).status == 200)
            #expect(try await server.send(.GET, "/api/credential", cookie: cookieOfKey).status == 403)
        }
    }
}
