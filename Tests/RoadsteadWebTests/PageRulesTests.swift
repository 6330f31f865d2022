import Foundation
import RoadsteadBasics
import RoadsteadModel
import Testing

@testable import RoadsteadWeb

@Suite struct PageRulesTests {
    static let targets: [(String?, String)] = [
        ("/infrastructures?q=a", "/infrastructures?q=a"), (nil, "/"), ("", "/"), ("https://evil.example", "/"),
        ("//evil.example", "/"), ("/\\evil.example", "/"), ("/a\r\nSet-Cookie: x", "/"), ("javascript:alert(1)", "/"),
    ]

    @Test("after signing in one comes to a path of this server only", arguments: targets)
    func target(_ given: String?, _ expected: String) { #expect(SignInPage.localPath(given) == expected) }

    @Test("a form's token belongs to one cookie, and says nothing about it")
    func token() {
        let token = ForgeryRules.token(cookie: "session.secret")
        #expect(token == ForgeryRules.token(cookie: "session.secret") && token.count == 32)
        #expect(token != ForgeryRules.token(cookie: "session.secres") && ForgeryRules.token(cookie: nil).isEmpty)
        #expect(!token.contains("secret"))
    }

    @Test("a path leads to its page, and to none with more or fewer parts")
    func routes() throws {
        #expect(PageRoutes.find(method: "GET", path: "/infrastructures/add")?.route.name == "/infrastructures/add")
        let detail = try #require(PageRoutes.find(method: "HEAD", path: "/infrastructures/91aa"))
        #expect(detail.route.name == "/infrastructures/:id" && detail.parameters == ["id": "91aa"])
        #expect(PageRoutes.find(method: "GET", path: "/infrastructures/91aa/more") == nil)
        #expect(PageRoutes.find(method: "DELETE", path: "/infrastructures") == nil)
    }

    @Test("all but signing in, files and the components ask for a session")
    func sessions() {
        let open = PageRoutes.all.filter { !$0.needsSession }.map { $0.method + " " + $0.name }
        #expect(
            open.sorted() == [
                "GET /assets/:hash/:name", "GET /components", "GET /session", "GET /sign-in", "POST /sign-in",
            ])
    }

    @Test("a field of a form is what the API's attribute is")
    func fields() throws {
        let attributes = try #require(InfrastructureKind.find("swarm")?.credential).schema.attributes
        let models = attributes.map { FormFieldModel($0, prefix: "credential-", fields: PageFields([])) }
        let key = try #require(models.first { $0.name == "credential-key" })
        #expect(
            key.isSecret && key.isLong && !key.isRequired && key.label == "Client key"
                && key.help?.hasPrefix("PEM") == true)
        let account = try #require(InfrastructureKind.find("registry")?.credential).schema.attributes
        let password = try #require(account.first { $0.name == "password" })
        let model = FormFieldModel(password, fields: PageFields([("password", "hunter2")]))
        #expect(model.isSecret && model.isRequired && model.value.isEmpty)
    }

    @Test("every kind of the document has a form, and all but something else a credential")
    func kinds() {
        #expect(
            InfrastructureKind.all.map(\.subtype) == ["swarm", "kubernetes", "s3", "registry", "helm-repo", "other"])
        #expect(InfrastructureKind.all.filter { $0.credential == nil }.map(\.subtype) == ["other"])
    }

    static let sentences = [
        ("it failed", "It failed."), ("https://a: refused", "https://a: refused."), ("What now?", "What now?"),
        ("", ""),
    ]

    @Test("reasons are told as sentences, and addresses as they are", arguments: sentences)
    func sentence(_ text: String, _ expected: String) { #expect(Words.sentence(text) == expected) }

    @Test("the worst check of a service is its state")
    func state() {
        let check = { (status: String) -> JSONObject in
            ["status": .string(status), "last-check": "2026-11-30T12:00:00.000Z"]
        }
        #expect(InfrastructureState.badge([check("VALID"), check("INVALID")]) == Badge("Refused", .bad))
        #expect(InfrastructureState.badge([check("VALID"), check("UNKNOWN")]) == Badge("Not reachable", .bad))
        #expect(InfrastructureState.badge([check("VALID"), [:]]) == Badge("Works", .good))
        #expect(InfrastructureState.badge([]) == Badge("Not checked", .quiet))
    }

    @Test("a point in time is told in UTC until the reader's zone is known, and a text that is none not at all")
    func moments() {
        #expect(Moment("2026-11-30T12:34:56.789Z")?.text == "2026-11-30 12:34 UTC")
        #expect(Moment("yesterday") == nil && Moment(nil) == nil)
    }

    @Test(
        "words of commands can be pasted into a shell",
        arguments: [("lab", "lab"), ("it's", #"'it'\''s'"#), ("", "''"), ("a b;c", "'a b;c'")])
    func words(_ text: String, _ quoted: String) { #expect(ShellWord.quoted(text) == quoted) }

    @Test("sharing is possible for who may edit and see the list; removing for who may delete")
    func rights() {
        let model = { (service: JSONObject) in
            InfrastructureModel(service, credentials: [], events: [], principals: [], notice: nil, problem: nil)
        }
        let viewer = model(["id": "infrastructure-service/1", "name": "lab"])
        #expect(!viewer.mayShare && !viewer.mayRemove && viewer.shares.isEmpty)
        let owner = model([
            "id": "infrastructure-service/1", "operations": [["rel": "edit"], ["rel": "delete"]],
            "acl": ["owners": ["user/a"], "view-data": ["user/b"]],
        ])
        #expect(owner.mayShare && owner.mayRemove && owner.shares.map(\.mayEnd) == [false, true])
    }
}
