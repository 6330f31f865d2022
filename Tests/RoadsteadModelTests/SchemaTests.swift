import RoadsteadBasics
import RoadsteadModel
import Testing

@Suite struct SchemaTests {
    private let schema = Schema([
        Attribute("name", .text, .required), Attribute("count", .integer(0...9)),
        Attribute("kind", .oneOf(["a", "b"])),
        Attribute("ids", .array(of: .resource(["user"]), minimum: 1, isDistinct: true)),
        Attribute("inner", .map(Schema([Attribute("flag", .boolean, .required)]))), Attribute("when", .timestamp),
    ])

    @Test("a document that fits has no problems")
    func fits() {
        let document: JSONObject = [
            "name": "n", "count": 9, "kind": "b", "ids": ["user/1", "user/2"], "inner": ["flag": true],
            "when": "2026-11-22T09:30:00.123Z",
        ]
        #expect(schema.problems(with: document).isEmpty)
    }

    static let misfits: [(JSONObject, String)] = [
        ([:], "name is missing"),
        (["name": " "], "name must be a string that is not blank"),
        (["name": "n", "count": 10], "count must be an integer from 0 to 9"),
        (["name": "n", "count": "1"], "count must be an integer from 0 to 9"),
        (["name": "n", "kind": "c"], "kind must be one of a, b"),
        (["name": "n", "ids": []], "ids must have at least 1 element(s)"),
        (["name": "n", "ids": ["user/1", "user/1"]], "ids must not hold the same element twice"),
        (["name": "n", "ids": ["group/1"]], "ids[0] must be the id of a user"),
        (["name": "n", "inner": ["flag": 1]], "inner.flag must be true or false"),
        (["name": "n", "inner": [:]], "inner.flag is missing"),
        (["name": "n", "inner": ["flag": true, "flags": 1]], "inner.flags is not known here (did you mean flag?)"),
        (["name": "n", "when": "yesterday"], "when must be a timestamp such as 2026-11-22T09:30:00.000Z"),
        (["name": .null], "name must be a string that is not blank"),
        (["name": "n", "extra": 1], "extra is not known here"),
    ]

    @Test("a misfit is told by its path and what would fit", arguments: misfits)
    func tells(_ document: JSONObject, _ problem: String) {
        #expect(schema.problems(with: document).map(\.description) == [problem])
    }

    @Test("the error names the resource and is cut after ten problems")
    func cut() {
        let document = JSONObject((0..<20).map { ("x\($0)", JSONValue.null) })
        do {
            try schema.check(document, as: "demo/1")
            Issue.record("nothing was thrown")
        } catch {
            #expect(error.code == .invalidInput)
            #expect(error.message.hasPrefix("demo/1 is not valid: "))
            #expect(error.message.hasSuffix("; and 11 more"))
        }
    }

    @Test("every type's templates and collections are sound")
    func types() {
        #expect(Set(ResourceType.all.map(\.name)).count == ResourceType.all.count)
        for type in ResourceType.all {
            let names = type.schema.attributes.map(\.name)
            #expect(Set(names).count == names.count, "\(type.name) names an attribute twice")
            #expect(Set(type.templates.map(\.identifier)).count == type.templates.count)
            #expect((type.templateCollection != nil) == type.isTemplated)
        }
    }

    @Test("a document of another subtype is refused with the ones that there are")
    func subtypes() {
        do {
            try ResourceType.module.check(["subtype": "component"])
            Issue.record("nothing was thrown")
        } catch {
            #expect(
                error.message
                    == "module has no subtype 'component'; it is one of application, application_helm, application_kubernetes, "
                    + "applications_sets, project")
        }
    }
}
