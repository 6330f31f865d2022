import AsyncHTTPClient
import Foundation
import NIOHTTP1
import RoadsteadBasics
import Testing

/// The pages of a running server, as a browser without script uses them.
@Suite struct PagesOverHTTPTests {
    @Test("a stranger signs in, comes to the page that was asked for, and signs out for good")
    func signIn() async throws {
        try await TestServer.run { server in
            let visitor = Browser(server: server)
            let asked = try await visitor.get("/infrastructures?q=lab")
            #expect(asked.status == 200 && asked.text.contains("name=\"password\""))
            #expect(
                asked.text.contains("name=\"to\" value=\"/infrastructures?q&#61;lab\"")
                    || asked.text.contains("value=\"/infrastructures?q=lab\""))
            let wrong = try await visitor.post("/sign-in", ["username": "admin", "password": "no"])
            #expect(
                wrong.status == 403 && wrong.text.contains("value=\"admin\"") && wrong.text.contains("role=\"alert\""))
            let right = try await visitor.post(
                "/sign-in", ["username": "admin", "password": TestServer.password, "to": "/infrastructures?q=lab"])
            #expect(right.status == 303 && right.headers.first(name: "location") == "/infrastructures?q=lab")
            let cookie = try #require(right.headers.first(name: "set-cookie"))
            #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"))
            let browser = Browser(server: server, cookie: String(cookie.prefix { $0 != ";" }))
            #expect(try await browser.get("/infrastructures?q=lab").text.contains("Nothing here matches"))
            _ = try await browser.send("/sign-out", [:])
            #expect(try await browser.get("/infrastructures").text.contains("name=\"password\""))
        }
    }

    @Test("a form without the session's token, or from another site, does nothing")
    func forgery() async throws {
        try await TestServer.run { server in
            let browser = Browser(server: server, cookie: try await server.user("ada"))
            let fields = ["name": "lab", "endpoint": "https://203.0.113.9:2376", "do": "add"]
            let bare = try await browser.post("/infrastructures/add/s3", fields)
            #expect(bare.status == 403 && bare.text.contains("nothing was done"))
            var token = fields
            token["token"] = try await browser.token()
            let foreign = try await browser.post(
                "/infrastructures/add/s3", token, headers: ["sec-fetch-site": "cross-site"])
            #expect(foreign.status == 403)
            #expect(try await browser.get("/infrastructures").text.contains("Nothing is registered yet"))
            let signIn = try await Browser(server: server).post(
                "/sign-in", ["username": "ada", "password": TestServer.password],
                headers: ["sec-fetch-site": "cross-site"])
            #expect(signIn.status == 403 && signIn.headers.first(name: "set-cookie") == nil)
        }
    }

    @Test(
        "a service is added by its form, found, shared with somebody who sees and cannot change it, and removed by its name"
    )
    func journey() async throws {
        try await TestServer.run { server in
            let ada = Browser(server: server, cookie: try await server.user("ada"))
            let ben = Browser(server: server, cookie: try await server.user("ben"))
            let kinds = try await ada.get("/infrastructures/add")
            #expect(kinds.text.contains("/infrastructures/add/swarm") && kinds.text.contains("/infrastructures/add/s3"))
            var form = [
                "name": "store <1>", "endpoint": "https://203.0.113.9", "credential-access-key": "AK",
                "credential-secret-key": "5ecret-of-ada", "do": "add",
            ]
            form["name"] = ""
            let incomplete = try await ada.send("/infrastructures/add/s3", form)
            #expect(incomplete.status == 400 && incomplete.text.contains("name is missing"))
            #expect(incomplete.text.contains("value=\"https://203.0.113.9\"") && !incomplete.text.contains("5ecret"))
            form["name"] = "store <1>"
            let added = try await ada.send("/infrastructures/add/s3", form)
            let path = try #require(added.headers.first(name: "location")).prefix { $0 != "?" }
            let page = try await ada.get(String(path))
            #expect(page.status == 200 && page.text.contains("store &lt;1&gt;") && !page.text.contains("5ecret"))
            #expect(try await ada.get("/infrastructures?q=store&type=s3").text.contains(path))
            #expect(try await ada.get("/infrastructures?type=swarm").text.contains("Nothing here matches"))

            #expect(try await ben.get(String(path)).status == 403)
            let benID = try await server.userID("ben")
            let shared = try await ada.send(
                "\(path)/share", ["who": benID, "right": "view", "with-credentials": "yes"])
            #expect(shared.status == 303, "\(shared.text)")
            let seen = try await ben.get(String(path))
            #expect(seen.status == 200 && seen.text.contains("AK") == false && !seen.text.contains("\(path)/share\""))
            #expect(try await ben.send("\(path)/share", ["who": "group/nuvla-anon", "right": "view"]).status == 403)
            #expect(try await ben.send("\(path)/remove", ["confirm": "store <1>"]).status == 403)
            #expect(try await ada.send("\(path)/unshare", ["who": benID]).status == 303)
            #expect(try await ben.get(String(path)).status == 403)

            let unsure = try await ada.send("\(path)/remove", ["confirm": "store"])
            #expect(unsure.status == 400 && unsure.text.contains("Nothing was removed"))
            #expect(
                try await ada.send("\(path)/remove", ["confirm": "store <1>"]).headers.first(name: "location")
                    == "/infrastructures?done=removed")
            #expect(try await ada.get(String(path)).status == 404)
            let keys = "/api/credential?filter=subtype=%27infrastructure-service-minio%27"
            #expect(try await server.send(.GET, keys, cookie: ada.cookie).json["count"] == 0)
        }
    }

    @Test("a connection is tried before anything is registered, and the page says why it does not work")
    func connectionTest() async throws {
        try await TestServer.run { server in
            let ada = Browser(server: server, cookie: try await server.user("ada"))
            let fields = ["name": "lab", "endpoint": "https://127.0.0.1:1", "do": "test"]
            let local = try await ada.send("/infrastructures/add/swarm", fields)
            #expect(local.status == 403 && local.text.contains("only administrators"))
            let admin = Browser(server: server, cookie: try await server.admin())
            let tried = try await admin.send("/infrastructures/add/swarm", fields)
            #expect(tried.status == 200 && tried.text.contains("Does not work") && tried.text.contains("127.0.0.1:1"))
            let listed = try await server.send(.GET, "/api/infrastructure-service", cookie: admin.cookie)
            #expect(listed.json["count"] == 0)
        }
    }

    @Test("pages forbid all that they do not load from here, and are kept nowhere; their files are kept for good")
    func headers() async throws {
        try await TestServer.run { server in
            let browser = Browser(server: server, cookie: try await server.user("ada"))
            let page = try await browser.get("/")
            let policy = try #require(page.headers.first(name: "content-security-policy"))
            #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe") && !policy.contains("http"))
            #expect(page.headers.first(name: "cache-control") == "no-store")
            #expect(!page.text.contains("style=\"") && !page.text.contains(" onclick") && !page.text.contains("//cdn"))
            let style = try #require(page.text.firstMatch(of: /href="(\/assets\/[^"]+\.css)"/)).1
            let file = try await browser.get(String(style))
            #expect(file.status == 200 && file.headers.first(name: "cache-control")?.contains("immutable") == true)
            #expect(file.headers.first(name: "content-type") == "text/css; charset=utf-8")
        }
    }

    @Test("an address that is none is a page that says so, and the dialect's way to the API stays")
    func elsewhere() async throws {
        try await TestServer.run { server in
            let browser = Browser(server: server, cookie: try await server.user("ada"))
            let missing = try await browser.get("/no/such/<page>")
            #expect(missing.status == 404 && missing.text.contains("&lt;page&gt;"))
            #expect(try await browser.get("/infrastructures/91aa").status == 404)
            let program = try await browser.get("/", accept: "*/*")
            #expect(program.status == 302 && program.headers.first(name: "location") == "/api/cloud-entry-point")
            #expect(try await server.send(.GET, "/api/cloud-entry-point").status == 200)
        }
    }
}

/// Keeps a cookie, sends forms with the token of the page that they stand on, and follows no redirect.
struct Browser: Sendable {
    private let server: TestServer
    let cookie: String?

    /// Lives as long as the process.
    private static let client = HTTPClient(
        eventLoopGroupProvider: .singleton, configuration: .init(redirectConfiguration: .disallow))

    init(server: TestServer, cookie: String? = nil) {
        self.server = TestServer(port: server.port, directory: server.directory, client: Self.client)
        self.cookie = cookie
    }

    func get(_ path: String, accept: String = "text/html") async throws -> TestServer.Answer {
        try await server.send(.GET, path, cookie: cookie, headers: ["accept": accept])
    }

    func post(_ path: String, _ fields: [String: String], headers: [String: String] = [:]) async throws
        -> TestServer.Answer
    {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._")
        let body = fields.map { name, value in
            name + "=" + (value.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")
        }.joined(separator: "&")
        var headers = headers
        headers["accept"] = "text/html"
        headers["content-type"] = "application/x-www-form-urlencoded"
        return try await server.send(.POST, path, body, cookie: cookie, headers: headers)
    }

    func send(_ path: String, _ fields: [String: String]) async throws -> TestServer.Answer {
        var fields = fields
        fields["token"] = try await token()
        return try await post(path, fields)
    }

    func token() async throws -> String {
        let answer = try await server.send(.GET, "/session", cookie: cookie)
        return answer.json["token"]?.stringValue ?? ""
    }
}

extension TestServer {
    func userID(_ name: String) async throws -> String {
        let users = try await send(.GET, "/api/user?filter=name=%27\(name)%27", cookie: try await admin())
        return try #require(users.json["resources"]?.arrayValue?.first?["id"]?.stringValue)
    }
}
