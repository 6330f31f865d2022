import RoadsteadBasics
import RoadsteadCompose
import RoadsteadModel
import RoadsteadStore
import Testing

@testable import RoadsteadControl

@Suite struct ModuleTests {
    @Test("an application has its content in single reads and not in listings, and swarm as its default compatibility")
    func content() async throws {
        let test = try await TestPlane.make()
        let id = try await test.addApplication()
        let module = try await test.resources.get(id, in: test.scope())
        #expect(module["parent-path"] == "lab" && module["compatibility"] == "swarm")
        #expect(module["content"]?["docker-compose"] == "services: {web: {image: x}}")
        // Python's helper sends an empty value for a variable without one.
        #expect(
            module["content"]?["environmental-variables"] == [["name": "TITLE", "value": "hello"], ["name": "EMPTY"]])
        let listed = try await test.resources.query("module", in: test.scope())
        #expect(listed.resources.allSatisfy { $0["content"] == nil })
        #expect(
            await test.failure { _ = try await test.resources.query("module-application", in: test.scope()) }.code
                == .forbidden)
    }

    @Test("URL patterns are pairs; a name that can never have a value is told in the validation message")
    func urls() async throws {
        let test = try await TestPlane.make()
        let id = try await test.addApplication()
        let plain: JSONObject = ["author": "a", "docker-compose": "services: {web: {image: x}}"]
        func content(_ more: JSONObject) -> JSONObject { ["content": .object(plain.merging(more))] }
        for wrong: JSONValue in [[["a", "b", "c"]], [["", "http://x"]]] {
            let failure = await test.failure {
                _ = try await test.resources.edit(id, content(["urls": wrong]), in: test.scope())
            }
            #expect(failure.code == .invalidInput && failure.message.contains("content.urls"))
        }
        let edited = try await test.resources.edit(
            id,
            content([
                "urls": [["site", "http://${hostname}:${web.tcp.80}/${token}"], ["odd", "http://${wbe.tcp.80}"]],
                "output-parameters": [["name": "token", "description": "t"]],
            ]), in: test.scope())
        let message = edited["validation-message"]?.stringValue ?? ""
        #expect(edited["valid"] == true && message.contains("the URL odd wants ${wbe.tcp.80}"), "\(message)")
        #expect(!message.contains("site"))
    }

    @Test("architectures are those that are known")
    func architectures() async throws {
        let test = try await TestPlane.make()
        let id = try await test.addApplication()
        let text: JSONValue = "services: {web: {image: x}}"
        let failure = await test.failure {
            _ = try await test.resources.edit(
                id, ["content": ["docker-compose": text, "architectures": ["amd46"]]], in: test.scope())
        }
        #expect(failure.code == .invalidInput && failure.message.contains("arm/v7"))
        _ = try await test.resources.edit(
            id, ["content": ["docker-compose": text, "architectures": ["amd64", "arm/v7"]]], in: test.scope())
    }

    @Test("every edit with content appends a version; the number behind the id addresses one")
    func versions() async throws {
        let test = try await TestPlane.make()
        let id = try await test.addApplication()
        let edit: JSONObject = ["content": ["author": "ada", "commit": "second", "docker-compose": "services: {}"]]
        let edited = try await test.resources.edit(id, edit, in: test.scope())
        #expect(edited["versions"]?.arrayValue?.count == 2 && edited["content"]?["commit"] == "second")
        let version = { (number: Int) in ResourceID(type: "module", identifier: id.identifier + "_\(number)") }
        #expect(try await test.resources.get(version(0), in: test.scope())["content"]?["commit"] == "first")
        #expect(try await test.resources.get(version(0), in: test.scope())["id"] == .string(id.description))
        #expect(try await test.resources.get(id, in: test.scope())["content"]?["commit"] == "second")
        #expect(await test.failure { _ = try await test.resources.get(version(2), in: test.scope()) }.code == .notFound)
        _ = try await test.resources.edit(id, ["description": "metadata only"], in: test.scope())
        #expect(try await test.resources.get(id, in: test.scope())["versions"]?.arrayValue?.count == 2)
        _ = try await test.resources.perform("publish", on: version(0), in: test.scope())
        #expect(try await test.resources.get(id, in: test.scope())["published"] == true)
        _ = try await test.resources.perform("delete-version", on: version(0), in: test.scope())
        let left = try await test.resources.get(id, in: test.scope())
        #expect(left["versions"]?.arrayValue?.first == .null && left["published"] == false)
        #expect(await test.failure { _ = try await test.resources.get(version(0), in: test.scope()) }.code == .notFound)
    }

    @Test("a path is taken once, and free again after a delete, which takes the contents along")
    func paths() async throws {
        let test = try await TestPlane.make()
        let id = try await test.addApplication()
        let again = await test.failure { _ = try await test.add("module", ["subtype": "project", "path": "lab"]) }
        #expect(again.code == .conflict)
        #expect(again.message.contains("path 'lab' already exist"))
        let project = try await test.resources.query(
            "module", QueryParameters(filters: ["path='lab'"]), in: test.scope())
        let projectID = try #require(project.resources.first?["id"]?.stringValue.flatMap { ResourceID($0) })
        let full = await test.failure { _ = try await test.resources.delete(projectID, in: test.scope()) }
        #expect(full.code == .forbidden)
        _ = try await test.resources.delete(id, in: test.scope())
        _ = try await test.resources.delete(projectID, in: test.scope())
        #expect(try await test.resources.query("module-application", in: test.scope(.system)).count == 0)
        _ = try await test.add("module", ["subtype": "project", "path": "lab"])
    }

    static let misfits: [(JSONObject, RoadsteadError.Code)] = [
        (["subtype": "application", "path": "web"], .invalidInput),
        (["subtype": "application", "path": "nosuch/web"], .invalidInput),
        (["subtype": "application", "path": "lab/web/inner"], .forbidden),
        (["subtype": "component", "path": "lab/c"], .invalidInput),
        (["subtype": "application_helm", "path": "lab/h", "content": ["helm-chart-name": "x"]], .invalidInput),
        (["subtype": "applications_sets", "path": "lab/s", "content": ["applications-sets": []]], .invalidInput),
        (
            [
                "subtype": "application", "path": "lab/b",
                "content": ["docker-compose": "x", "registries-credentials": ["credential/x"]],
            ], .invalidInput
        ),
        (
            [
                "subtype": "application", "path": "lab/b",
                "content": ["docker-compose": "x", "private-registries": ["infrastructure-service/none"]],
            ], .forbidden
        ),
        (["subtype": "project", "path": "lab//x"], .invalidInput),
        (["subtype": "project", "path": "-x"], .invalidInput),
        (["subtype": "project", "path": "p", "content": ["docker-compose": "x"]], .invalidInput),
        (["subtype": "application", "path": "lab/b", "content": ["author": "a"]], .invalidInput),
        (
            [
                "subtype": "application", "path": "lab/b",
                "content": ["docker-compose": "x", "environmental-variables": [["name": "NUVLA_X"]]],
            ], .invalidInput
        ),
        (
            [
                "subtype": "application", "path": "lab/b",
                "content": ["docker-compose": "x", "files": [["file-name": "../x", "file-content": ""]]],
            ], .invalidInput
        ),
    ]

    @Test("a module that stands nowhere, or whose content does not fit, is refused", arguments: misfits)
    func misplaced(_ body: JSONObject, _ code: RoadsteadError.Code) async throws {
        let test = try await TestPlane.make()
        _ = try await test.addApplication()
        #expect(await test.failure { _ = try await test.add("module", body) }.code == code)
        #expect(try await test.resources.query("module", in: test.scope()).count == 2)
    }

    @Test("nobody adds to a project that he may not edit")
    func foreignProject() async throws {
        let test = try await TestPlane.make()
        _ = try await test.addApplication()
        let error = await test.failure {
            _ = try await test.add("module", ["subtype": "application", "path": "lab/b"], by: TestPlane.bob)
        }
        #expect(error.code == .forbidden)
    }

    @Test(
        "what a Compose text is made for is found out when nobody says it",
        arguments: [
            ("services: {web: {image: x, deploy: {replicas: 2}}}", "swarm"), ("services: {web: {image: x}}", "swarm"),
            ("services: {web: {image: x, devices: [/dev/a]}}", "docker-compose"),
            ("services: {web: {image: x, privileged: true, deploy: {replicas: 2}}}", "swarm"), ("not yaml: [", "swarm"),
        ])
    func compatibility(_ text: String, _ expected: JSONValue) async throws {
        let test = try await TestPlane.make()
        _ = try await test.add("module", ["subtype": "project", "path": "lab"])
        let content: JSONValue = ["docker-compose": .string(text)]
        let id = try await test.add("module", ["subtype": "application", "path": "lab/a", "content": content])
        #expect(try await test.resources.get(id, in: test.scope())["compatibility"] == expected)
        let said = try await test.add(
            "module",
            ["subtype": "application", "path": "lab/b", "compatibility": "docker-compose", "content": content])
        #expect(try await test.resources.get(said, in: test.scope())["compatibility"] == "docker-compose")
    }

    @Test("whether the last version can be deployed stands in the module, with line and column of what is wrong")
    func validity() async throws {
        let test = try await TestPlane.make()
        let id = try await test.addApplication()
        #expect(try await test.resources.get(id, in: test.scope())["valid"] == true)
        let wrong: JSONObject = [
            "content": ["docker-compose": "services:\n  web:\n    image: x\n    replica: 2\n"]
        ]
        let edited = try await test.resources.edit(id, wrong, in: test.scope())
        #expect(edited["valid"] == false)
        let message = edited["validation-message"]?.stringValue ?? ""
        #expect(message.contains("docker-compose.yaml:4:5") && message.contains("services.web.replica"), "\(message)")
        _ = try await test.resources.perform("delete-version", on: id, in: test.scope())
        let left = try await test.resources.get(id, in: test.scope())
        #expect(left["valid"] == nil && left["validation-message"] == nil && left["content"]?["commit"] == "first")
    }

    @Test("variables without a value stand for anything that fits their places")
    func standIns() {
        func reading(_ text: String) -> ApplicationReading {
            ApplicationReading(
                content: [
                    "docker-compose": .string(text),
                    "environmental-variables": [["name": "A"], ["name": "B"], ["name": "C", "value": "3"]],
                ], secrets: SecretFiles())
        }
        let mixed = """
            services:
              web:
                image: x:${A}
                ports: ["${A}:80"]
                stop_grace_period: ${B:?say how long}
                deploy: {replicas: "${C}"}
            """
        #expect(reading(mixed).problems == [])
        #expect(reading(mixed + "\n    nonsense: ${A}").problems.map(\.path) == ["services.web.nonsense"])
    }

    @Test("validating is a job of its own, for applications only, and for a version that is there")
    func validation() async throws {
        let test = try await TestPlane.make()
        let id = try await test.addApplication()
        let first = ResourceID(type: "module", identifier: id.identifier + "_0")
        let answer = try await test.resources.perform("validate-docker-compose", on: first, in: test.scope())
        let job = try #require(TestPlane.operation(answer)?.location.flatMap { ResourceID($0) })
        let document = try await test.store.get(job)
        #expect(document["action"] == "validate-docker-compose")
        #expect(document["target-resource"]?["href"] == .string(id.description))
        #expect(document["payload"] == #"{"version":0}"#)
        let gone = ResourceID(type: "module", identifier: id.identifier + "_7")
        let missing = await test.failure {
            _ = try await test.resources.perform("validate-docker-compose", on: gone, in: test.scope())
        }
        #expect(missing.code == .notFound)
        let project = try await test.add("module", ["subtype": "project", "path": "empty"])
        let refused = await test.failure {
            _ = try await test.resources.perform("validate-docker-compose", on: project, in: test.scope())
        }
        #expect(refused.code == .invalidInput)
    }

    @Test("Helm charts, Kubernetes manifests and bouquets are kept as they are, each with versions")
    func otherKinds() async throws {
        let test = try await TestPlane.make()
        let application = try await test.addApplication()
        let chart = try await test.add(
            "module",
            [
                "subtype": "application_helm", "path": "lab/chart",
                "content": ["helm-absolute-url": "https://charts.example.org/x.tgz", "helm-chart-values": "a: 1"],
            ])
        #expect(try await test.resources.get(chart, in: test.scope())["content"]?["helm-chart-values"] == "a: 1")
        let manifest = try await test.add(
            "module",
            ["subtype": "application_kubernetes", "path": "lab/k", "content": ["docker-compose": "kind: Pod"]])
        #expect(try await test.resources.get(manifest, in: test.scope())["valid"] == nil)
        let member: JSONValue = ["id": .string(application.description), "version": 0]
        let bouquet = try await test.add(
            "module",
            [
                "subtype": "applications_sets", "path": "lab/set",
                "content": [
                    "applications-sets": [["name": "Main", "subtype": "docker", "applications": [member]]]
                ],
            ])
        let stored = try await test.resources.get(bouquet, in: test.scope())
        #expect(stored["apps-set-subtype"] == "docker" && stored["versions"]?.arrayValue?.count == 1)
    }

    @Test("registries and credentials that a version names must be the caller's to see")
    func registries() async throws {
        let test = try await TestPlane.make()
        _ = try await test.addApplication()
        let service = try await test.add(
            "infrastructure-service",
            [
                "name": "images",
                "template": [
                    "href": "infrastructure-service-template/generic", "subtype": "registry",
                    "endpoint": "https://registry.example.org",
                ],
            ], by: TestPlane.bob)
        let body: JSONObject = [
            "subtype": "application", "path": "lab/b",
            "content": [
                "docker-compose": "services: {a: {image: x}}", "private-registries": [.string(service.description)],
            ],
        ]
        #expect(await test.failure { _ = try await test.add("module", body) }.code == .forbidden)
        _ = try await test.resources.edit(
            service, ["acl": ["owners": ["user/bob"], "view-meta": ["user/ada"]]], in: test.scope(TestPlane.bob))
        _ = try await test.add("module", body)
    }

    @Test("required variables without a value are named before anything is done")
    func readiness() async {
        let test = ["name": "A", "required": true] as JSONValue
        let deployment: JSONObject = [
            "id": "deployment/1",
            "module": [
                "subtype": "application",
                "content": [
                    "environmental-variables": [test, ["name": "B", "required": true, "value": "x"], ["name": "C"]]
                ],
            ],
        ]
        let error = #expect(throws: RoadsteadError.self) { try ApplicationReadiness.check(deployment) }
        #expect(error?.code == .invalidInput && error?.message.contains("needs a value for A:") == true)
        let chart: JSONObject = ["id": "deployment/1", "module": ["subtype": "application_helm"]]
        #expect(throws: RoadsteadError.self) { try ApplicationReadiness.check(chart) }
    }
}
