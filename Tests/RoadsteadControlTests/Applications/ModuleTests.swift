import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel
import RoadsteadStore
import Testing

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
}
