import RoadsteadBasics

/// A change of a JSON document as a list of operations (RFC 6902). All of them come about, or none.
public struct JSONPatch: Sendable, Hashable {
    public static let mediaType = "application/json-patch+json"
    /// Operations that one patch may have.
    public static let maximumOperations = 1000

    public enum Operation: Sendable, Hashable {
        case add(JSONPointer, JSONValue)
        case remove(JSONPointer)
        case replace(JSONPointer, JSONValue)
        case move(from: JSONPointer, to: JSONPointer)
        case copy(from: JSONPointer, to: JSONPointer)
        case test(JSONPointer, JSONValue)
    }

    public let operations: [Operation]

    /// Reads the array of operations; throws `invalidInput` that names the operation which is wrong.
    public init(json: JSONValue) throws(RoadsteadError) {
        guard let elements = json.arrayValue else {
            throw RoadsteadError(.invalidInput, "a JSON Patch must be an array of operations")
        }
        guard elements.count <= Self.maximumOperations else {
            throw RoadsteadError(
                .invalidInput,
                "a JSON Patch of \(elements.count) operations is too long; at most \(Self.maximumOperations) are taken")
        }
        var operations: [Operation] = []
        for (index, element) in elements.enumerated() {
            do { operations.append(try Self.operation(element)) } catch {
                throw RoadsteadError(.invalidInput, "operation \(index) of the JSON Patch: \(error.message)")
            }
        }
        self.operations = operations
    }

    private static func operation(_ json: JSONValue) throws(RoadsteadError) -> Operation {
        let name = json["op"]?.stringValue ?? ""
        let path = { () throws(RoadsteadError) in try pointer("path", of: json) }
        switch name {
        case "add": return .add(try path(), try value(of: json))
        case "remove": return .remove(try path())
        case "replace": return .replace(try path(), try value(of: json))
        case "move": return .move(from: try pointer("from", of: json), to: try path())
        case "copy": return .copy(from: try pointer("from", of: json), to: try path())
        case "test": return .test(try path(), try value(of: json))
        default:
            throw RoadsteadError(
                .invalidInput, "op '\(name.prefix(40))' is none of add, remove, replace, move, copy, test")
        }
    }

    private static func pointer(_ name: String, of json: JSONValue) throws(RoadsteadError) -> JSONPointer {
        guard let text = json[name]?.stringValue else { throw RoadsteadError(.invalidInput, "\(name) is missing") }
        return try JSONPointer(text)
    }

    private static func value(of json: JSONValue) throws(RoadsteadError) -> JSONValue {
        guard let value = json["value"] else { throw RoadsteadError(.invalidInput, "value is missing") }
        return value
    }
}

extension JSONPatch {
    /// Values that a document may have after a patch: repeated copies of what was copied before would double it
    /// without end.
    private static let maximumValues = 200_000

    /// The changed document. Throws `invalidInput` that names the operation which does not apply.
    public func apply(to document: JSONObject) throws(RoadsteadError) -> JSONObject {
        var value = JSONValue.object(document)
        var budget = Self.maximumValues
        for (index, operation) in operations.enumerated() {
            do { value = try Self.apply(operation, to: value, budget: &budget) } catch {
                throw RoadsteadError(
                    .invalidInput, "operation \(index) of the JSON Patch does not apply: \(error.message)")
            }
        }
        guard let object = value.objectValue else {
            throw RoadsteadError(.invalidInput, "the JSON Patch leaves something else than a JSON object")
        }
        return object
    }

    private static func apply(
        _ operation: Operation, to root: JSONValue, budget: inout Int
    ) throws(RoadsteadError) -> JSONValue {
        switch operation {
        case .add(let path, let value): return try PatchStep.add(value).apply(to: root, at: path)
        case .remove(let path): return try PatchStep.remove.apply(to: root, at: path)
        case .replace(let path, let value): return try PatchStep.replace(value).apply(to: root, at: path)
        case .move(let from, let to):
            let value = try existing(from, in: root)
            if from == to { return root }
            guard !to.isWithin(from) else {
                throw RoadsteadError(.invalidInput, "'\(from)' cannot be moved into itself")
            }
            return try PatchStep.add(value).apply(to: try PatchStep.remove.apply(to: root, at: from), at: to)
        case .copy(let from, let to):
            let value = try existing(from, in: root)
            try spend(value, &budget)
            return try PatchStep.add(value).apply(to: root, at: to)
        case .test(let path, let expected):
            guard try existing(path, in: root).isSameJSON(as: expected) else {
                throw RoadsteadError(.invalidInput, "the value at '\(path)' is not the expected one")
            }
            return root
        }
    }

    private static func existing(_ path: JSONPointer, in root: JSONValue) throws(RoadsteadError) -> JSONValue {
        guard let value = path.value(in: root) else {
            throw RoadsteadError(.invalidInput, "there is nothing at '\(path)'")
        }
        return value
    }

    private static func spend(_ value: JSONValue, _ budget: inout Int) throws(RoadsteadError) {
        budget -= value.count(upTo: budget)
        guard budget > 0 else {
            throw RoadsteadError(.invalidInput, "the copies make the document larger than \(maximumValues) values")
        }
    }
}

extension JSONValue {
    /// Equality as RFC 6902 section 4.6 has it: numbers by their value.
    fileprivate func isSameJSON(as other: JSONValue) -> Bool {
        switch (self, other) {
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.isSameJSON(as: $1) }
        case (.object(let left), .object(let right)):
            left.count == right.count
                && left.allSatisfy { member in right[member.key]?.isSameJSON(as: member.value) ?? false }
        case (.integer, .number), (.number, .integer): doubleValue == other.doubleValue
        default: self == other
        }
    }

    /// How many values this one is made of, itself included; counting stops near `limit`.
    fileprivate func count(upTo limit: Int) -> Int {
        let children: [JSONValue]
        switch self {
        case .array(let elements): children = elements
        case .object(let object): children = object.members.map(\.value)
        default: return 1
        }
        var total = 1
        for child in children where total < limit { total += child.count(upTo: limit - total) }
        return total
    }
}
