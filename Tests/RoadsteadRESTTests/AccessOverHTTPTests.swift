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

    @Test("a page of another site does nothing with the cookie of who looks at it, by whatever method")
    func crossSite() async throws {
        try await TestServer.run { server in
            let cookie = try await server.login()
            let event = "/api/" + (try await server.addEvent(cookie: cookie))
            let session = try await server.send(.GET, "/api/session", cookie: cookie)
            let own = "/api/" + (try #require(session.json["resources"]?.arrayValue?.first?["id"]?.stringValue))
            let deeds: [(HTTPMethod, String)] = [
                (.GET, own + "/get-groups"), (.HEAD, own + "/get-groups"), (.POST, own + "/get-groups"),
                (.POST, "/api/event"), (.DELETE, event), (.PUT, own), (.PATCH, "/api/event/add-tags"),
                (.DELETE, "/api/event"), (.PUT, "/api/cloud-entry-point"),
            ]
            for site in ["cross-site", "same-site"] {
                let headers = ["sec-fetch-site": site, "bulk": "yes"]
                for (method, path) in deeds {
                    let answer = try await server.send(
                        method, path, method == .GET || method == .HEAD ? nil : "{}", cookie: cookie, headers: headers)
                    #expect(answer.status == 403, "\(method) \(path)")
                    #expect(method == .HEAD || answer.text.contains("another site"), "\(method) \(path)")
                }
                for path in [event, "/api/event", "/api/cloud-entry-point", "/health"] {
                    #expect(
                        try await server.send(.GET, path, cookie: cookie, headers: headers).status == 200, "\(path)")
                }
                let login = try await server.send(
                    .POST, "/api/session", Self.login("admin", TestServer.password), cookie: cookie, headers: headers)
                #expect(login.status == 201)
                let stranger = try await server.send(.GET, own + "/get-groups", headers: headers)
                #expect(!stranger.text.contains("another site"), "there was no cookie to misuse")
            }
            for site in ["same-origin", "none"] {
                let answer = try await server.send(
                    .GET, own + "/get-groups", cookie: cookie, headers: ["sec-fetch-site": site])
                #expect(answer.status == 200)
            }
            #expect(try await server.send(.GET, own + "/get-groups", cookie: cookie).status == 200)
        }
    }

    @Test(
        "an administrator's key that is kept to reading does not write the entry point, nor read figures it is not for")
    func keptKey() async throws {
        try await TestServer.run(trusting: "127.0.0.1") { server in
            let admin = try await server.admin()
            let cookie = { (scope: String) in
                let made = try await server.send(
                    .POST, "/api/credential",
                    #"{"template":{"href":"credential-template/generate-api-key","scope":\#(scope)}}"#, cookie: admin)
                let key = try #require(made.json["resource-id"]?.stringValue)
                let secret = try #require(made.json["secret-key"]?.stringValue)
                let body =
                    #"{"template":{"href":"session-template/api-key","key":"\#(key)","secret":"\#(secret)"}}"#
                let login = try await server.send(.POST, "/api/session", body)
                return try #require(
                    login.headers.first(name: "set-cookie")?.split(separator: ";").first.map(String.init))
            }
            let reading = try await cookie(#"{"actions":["retrieve"],"resources":["event"]}"#)
            let metrics = try await cookie(#"{"actions":["retrieve"],"resources":["metrics"]}"#)
            let point = "/api/cloud-entry-point"
            for key in [reading, metrics] {
                #expect(try await server.send(.PUT, point, #"{"name":"x"}"#, cookie: key).status == 403)
                #expect(try await server.send(.GET, point, cookie: key).json["operations"] == nil)
            }
            let writing = try await cookie(#"{"actions":["edit"],"resources":["cloud-entry-point"]}"#)
            #expect(try await server.send(.PUT, point, #"{"name":"x"}"#, cookie: writing).status == 200)
            // From elsewhere: whoever is on this machine may always read the figures.
            let away = ["x-real-ip": "192.0.2.7"]
            for (key, status) in [(reading, 403), (writing, 403), (metrics, 200), (admin, 200)] {
                #expect(try await server.send(.GET, "/metrics", cookie: key, headers: away).status == status)
            }
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
