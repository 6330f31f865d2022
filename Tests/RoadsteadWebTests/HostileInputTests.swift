import Foundation
import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel
import Testing

@testable import RoadsteadWeb

/// What people and services write is shown as text, whatever it is.
@Suite struct HostileInputTests {
    static let texts = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)",
        "{{page}} {{{token}}}",
        "&lt;b&gt;", "javascript:alert(1)", "\u{202E}gnp.exe", "🚢⚓️", String(repeating: "x", count: 5000),
        "a\u{0}b\u{1B}[31mc\u{7F}",
    ]

    private static func service(_ text: String) -> JSONObject {
        [
            "id": "infrastructure-service/1", "name": .string(text), "description": .string(text),
            "subtype": .string(text), "endpoint": .string(text), "created": .string(text),
            "operations": [["rel": "edit", "href": "x"], ["rel": "delete", "href": "x"]],
            "acl": ["owners": [.string(text)], "view-data": [.string(text + "2")]],
        ]
    }

    private static func credential(_ text: String) -> JSONObject {
        [
            "id": "credential/1", "parent": "infrastructure-service/1", "name": .string(text), "status": .string(text),
            "status-message": .string(text), "last-check": "2026-11-30T12:00:00.000Z",
        ]
    }

    static func pages(_ text: String) -> [PageView] {
        let controls = ListControls(
            PageFields([("q", text), ("type", text), ("sort", text)]), orders: InfrastructureListPage.orders)
        let parameters = controls.parameters(choiceAttribute: "subtype")
        let list = InfrastructureListModel(
            CollectionAnswer(
                type: "infrastructure-service", count: 100, access: .users, operations: ["add"],
                resources: [service(text)]),
            credentials: ["infrastructure-service/1": [credential(text)]], controls: controls, parameters: parameters,
            notice: nil)
        let detail = InfrastructureModel(
            service(text), credentials: [credential(text)],
            events: [["name": .string(text), "authn-info": ["user-id": .string(text)], "success": false]],
            principals: [KnownPrincipal(id: text, name: text)], notice: nil, problem: text)
        let form = InfrastructureAddModel(
            InfrastructureKind.all[2],
            fields: PageFields([
                ("name", text), ("endpoint", text), ("credential-access-key", text),
                ("credential-secret-key", "5ecret"),
            ]),
            problem: text, finding: .init(isUsable: false, message: text))
        let overview = OverviewModel(
            counts: [("Infrastructures", 1, "/infrastructures")],
            wrongDeployments: [["name": .string(text), "reason": .string(text)]],
            wrongCredentials: [credential(text)],
            jobs: [["action": .string(text), "status-message": .string(text), "state": "FAILED"]])
        return [
            PageView(title: text, template: "infrastructures", model: list),
            PageView(title: text, template: "infrastructure", model: detail),
            PageView(title: text, template: "infrastructure-add", model: form),
            PageView(title: text, template: "overview", model: overview),
            PageView(
                title: text, template: "sign-in", model: SignInPage.Model(target: text, username: text, message: text)),
            PageView(
                title: text, template: "failure", model: FailurePage.Model(heading: text, message: text, status: 404)),
        ]
    }

    static func rendered(_ view: PageView) -> String {
        var frame = PageFrame(path: "/infrastructures", isSecure: false)
        frame.token = "t0ken"
        frame.user = SignedInUser(name: view.title, group: view.title)
        return String(decoding: PageRenderer().html(view, in: frame), as: UTF8.self)
    }

    @Test("no text becomes markup, an attribute, a script or a control character", arguments: texts)
    func text(_ text: String) {
        for view in Self.pages(text) {
            let page = Self.rendered(view)
            // One script is ours: the module that the layout names.
            #expect(page.components(separatedBy: "<script").count == 2, "\(view.template)")
            #expect(
                !page.contains("<img") && !page.contains("onerror=alert(1)>") && !page.contains("onmouseover='"),
                "\(view.template)")
            #expect(!page.contains("href=\"javascript:"), "\(view.template)")
            #expect(
                !page.unicodeScalars.contains {
                    $0.value < 0x20 && !"\n\t".unicodeScalars.contains($0) || $0.value == 0x7F
                })
            #expect(page.utf8.count < 100_000 + 60 * text.utf8.count, "\(view.template)")
        }
    }

    @Test("a name that could be a template is shown as it is")
    func templates() {
        let page = Self.rendered(Self.pages("{{page}} {{{token}}}")[0])
        #expect(page.contains("{{page}} {{{token}}}"))
        #expect(page.components(separatedBy: "t0ken").count == 2)
    }

    @Test("what was typed stands in the form again, a secret never does")
    func secrets() {
        let page = Self.rendered(Self.pages("typed")[2])
        #expect(page.contains("value=\"typed\""))
        #expect(!page.contains("5ecret"))
    }
}
