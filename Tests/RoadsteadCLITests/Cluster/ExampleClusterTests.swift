import Foundation
import RoadsteadBasics
import RoadsteadModel
import Testing

@testable import RoadsteadCLI

/// The cluster files of Examples/ as people would use them.
@Suite struct ExampleClusterTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Examples/cluster").path

    @Test("each is a specification that can be planned", arguments: ["generic", "exoscale", "amazonec2"])
    func valid(_ driver: String) async throws {
        let file = try await ClusterFile.read("\(Self.folder)/\(driver).yaml")
        let specification = try ClusterDocument.specification(file)
        #expect(specification.driver == driver)
        let plan = try ClusterPlan.make(specification, ClusterFacts())
        #expect(plan.steps.count { $0.kind == .machine } == specification.nodes)
    }

    @Test("each keeps to the schema that editors read", arguments: ["generic", "exoscale", "amazonec2"])
    func schema(_ driver: String) async throws {
        let file = try await ClusterFile.read("\(Self.folder)/\(driver).yaml")
        #expect(SchemaReader.problems(.object(file), .object(ClusterSpecification.schema), at: driver) == [])
    }

    @Test("what the schema does not know is found by it")
    func wrong() {
        let wrong: JSONValue = [
            "name": "p", "driver": "d", "managers": 2, "color": "red", "hosts": [["port": 0]], "zones": [],
            "autolock": "yes",
        ]
        let found = SchemaReader.problems(wrong, .object(ClusterSpecification.schema), at: "c")
        #expect(
            found == [
                "c.managers: not of the enum", "c.color: unknown", "c.hosts[0].port: below the minimum",
                "c.hosts[0]: no address", "c.zones: too short", "c.autolock: no boolean",
            ])
    }
}

/// The part of JSON Schema (2020-12) that our own schema is written in, for its test.
private enum SchemaReader {
    static func problems(_ value: JSONValue, _ schema: JSONValue, at path: String) -> [String] {
        if let kind = schema["type"]?.stringValue, !isOf(kind, value) { return ["\(path): no \(kind)"] }
        if let choices = schema["enum"]?.arrayValue, !choices.contains(value) { return ["\(path): not of the enum"] }
        switch value {
        case .object(let object): return members(object, schema, path)
        case .array(let elements): return items(elements, schema, path)
        case .string(let text): return pattern(text, schema, path)
        default: return bounds(value, schema, path)
        }
    }

    private static func isOf(_ kind: String, _ value: JSONValue) -> Bool {
        switch (kind, value) {
        case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool): true
        case ("integer", _): value.integerValue != nil
        case ("number", _): value.doubleValue != nil
        default: false
        }
    }

    private static func members(_ object: JSONObject, _ schema: JSONValue, _ path: String) -> [String] {
        let own = object.flatMap { key, value -> [String] in
            let place = path + "." + key
            if let property = schema["properties"]?[key] { return problems(value, property, at: place) }
            switch schema["additionalProperties"] {
            case .bool(false)?: return ["\(place): unknown"]
            case let other?: return problems(value, other, at: place)
            case nil: return []
            }
        }
        let required = schema["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
        return own + required.filter { object[$0] == nil }.map { "\(path): no \($0)" }
    }

    private static func items(_ elements: [JSONValue], _ schema: JSONValue, _ path: String) -> [String] {
        if let least = schema["minItems"]?.integerValue, elements.count < least { return ["\(path): too short"] }
        guard let item = schema["items"] else { return [] }
        return elements.enumerated().flatMap { problems($1, item, at: "\(path)[\($0)]") }
    }

    private static func pattern(_ text: String, _ schema: JSONValue, _ path: String) -> [String] {
        guard let pattern = schema["pattern"]?.stringValue, let expression = try? Regex(pattern) else { return [] }
        return text.contains(expression) ? [] : ["\(path): not of the pattern"]
    }

    private static func bounds(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        guard let number = value.doubleValue else { return [] }
        if let least = schema["minimum"]?.doubleValue, number < least { return ["\(path): below the minimum"] }
        if let most = schema["maximum"]?.doubleValue, number > most { return ["\(path): above the maximum"] }
        return []
    }
}
