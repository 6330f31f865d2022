import Foundation
import RoadsteadBasics
import Testing

@testable import RoadsteadCompose

/// The specification's own JSON schema against ours. `Scripts/compose-schema` gets it; `./test` calls that.
@Suite struct SpecificationTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func schema() throws -> JSONValue {
        let file = Self.root.appendingPathComponent(".build/compose-spec.json").path
        let data = try #require(
            FileManager.default.contents(atPath: file), "\(file) is missing: run Scripts/compose-schema")
        return try JSONValue.parse([UInt8](data))
    }

    @Test("every key of the specification is known, or stands in the table of what a Swarm cannot do")
    func everyKey() throws {
        var walk = SpecificationWalk(schema: try schema())
        walk.run()
        #expect(walk.keys.count > 300, "the specification has more keys than that")
        #expect(walk.unknown == [])
    }

    @Test("whatever kind of value the specification takes, we take")
    func everyKind() throws {
        var walk = SpecificationWalk(schema: try schema())
        walk.run()
        #expect(walk.narrower == [])
    }

    @Test("every row of the table is a key of the specification, one of docker's, or newer than our copy")
    func everyRow() throws {
        var walk = SpecificationWalk(schema: try schema())
        walk.run()
        let docker: Set<String> = ["services.*.cgroupns_mode", "services.*.volume_driver", "volumes.*.x-cluster-spec"]
        // Of the specification since 2.41, of which there is no package yet that Scripts/compose-schema could take.
        let newer: Set<String> = ["services.*.pre_start", "services.*.build.no_cache_filter"]
        let known = walk.keys.union(docker).union(newer)
        #expect(UnsupportedKey.all.map(\.path).filter { !known.contains($0) } == [])
    }

    @Test("the documentation shows the table as it is")
    func documentation() throws {
        let file = Self.root.appendingPathComponent("Documentation/compose.md").path
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text.contains(UnsupportedKey.markdown + "\n"), "paste this:\n\(UnsupportedKey.markdown)")
    }
}

/// Goes through a JSON schema and our shapes side by side.
private struct SpecificationWalk {
    let schema: JSONValue
    private(set) var keys: Set<String> = []
    private(set) var unknown: [String] = []
    private(set) var narrower: [String] = []

    init(schema: JSONValue) { self.schema = schema }

    mutating func run() { walk(schema, ComposeSchema.file, [], UnsupportedKey.tree, seen: []) }

    /// `shape` is nil below what the table has: there anything goes.
    private mutating func walk(
        _ node: JSONValue, _ shape: Shape?, _ path: [String], _ table: PathTree<UnsupportedKey>?, seen: Set<String>
    ) {
        if let name = node["$ref"]?.stringValue?.split(separator: "/").last.map(String.init) {
            guard !seen.contains(name), let target = schema["definitions"]?[name] ?? schema["$defs"]?[name] else {
                return
            }
            walk(target, shape, path, table, seen: seen.union([name]))
        }
        for list in ["oneOf", "anyOf", "allOf"] {
            for choice in node[list]?.arrayValue ?? [] { walk(choice, shape, path, table, seen: seen) }
        }
        if let shape { compareKinds(node, shape, path) }
        for (key, value) in node["properties"]?.objectValue?.members.map({ ($0.key, $0.value) }) ?? [] {
            step(key, value, shape, path, table)
        }
        for (pattern, value) in node["patternProperties"]?.objectValue?.members.map({ ($0.key, $0.value) }) ?? []
        where pattern != "^x-" {
            walk(value, shape?.other, path + ["*"], table?.key("*"), seen: [])
        }
        if let value = node["additionalProperties"], value.objectValue != nil {
            walk(value, shape?.other, path + ["*"], table?.key("*"), seen: [])
        }
        if let items = node["items"], items.objectValue != nil {
            walk(items, shape?.list?.element, path + ["[]"], table?.element, seen: [])
        }
    }

    private mutating func step(
        _ key: String, _ value: JSONValue, _ shape: Shape?, _ path: [String], _ table: PathTree<UnsupportedKey>?
    ) {
        let name = (path + [key]).joined(separator: ".")
        keys.insert(name)
        let row = table?.key(key)
        let known = shape?.mapping?.keys[key]
        if shape != nil, shape?.isAnything == false, known == nil, row?.value == nil { unknown.append(name) }
        walk(value, row?.value == nil ? known : nil, path + [key], row, seen: [])
    }

    private mutating func compareKinds(_ node: JSONValue, _ shape: Shape, _ path: [String]) {
        guard !shape.isAnything else { return }
        let kinds = node["type"]?.stringValue.map { [$0] } ?? node["type"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let name = path.joined(separator: ".")
        for kind in kinds where !shape.takes(kind, castable: isCast(path)) { narrower.append("\(name): \(kind)") }
    }

    private func isCast(_ path: [String]) -> Bool {
        path.reduce(Optional(InterpolationCasts.tree)) { tree, part in part == "[]" ? tree?.element : tree?.key(part) }?
            .value != nil
    }
}

extension Shape {
    fileprivate var other: Shape? {
        switch mapping?.others {
        case .any(let shape), .named(let shape): shape
        case .extensions, nil: nil
        }
    }

    /// Texts where a number or boolean is wanted are made one before.
    fileprivate func takes(_ kind: String, castable: Bool) -> Bool {
        switch kind {
        case "string": scalars.contains(.string) || castable
        case "integer": !scalars.isDisjoint(with: [.integer, .number])
        case "number": !scalars.isDisjoint(with: [.integer, .number])
        case "boolean": scalars.contains(.boolean)
        case "null": scalars.contains(.null)
        case "array": list != nil
        case "object": mapping != nil
        default: false
        }
    }
}
