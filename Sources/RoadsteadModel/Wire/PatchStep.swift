import RoadsteadBasics

/// One change of a JSON value at a pointer: what the operations of a patch come down to.
enum PatchStep {
    case add(JSONValue)
    case replace(JSONValue)
    case remove

    func apply(to root: JSONValue, at path: JSONPointer) throws(RoadsteadError) -> JSONValue {
        try apply(to: root, at: path.tokens[...], of: path)
    }

    private func apply(
        to value: JSONValue, at tokens: ArraySlice<String>, of path: JSONPointer
    ) throws(RoadsteadError) -> JSONValue {
        guard let token = tokens.first else { return try whole(path) }
        switch value {
        case .object(let object): return try within(object, token, tokens.dropFirst(), of: path)
        case .array(let elements): return try within(elements, token, tokens.dropFirst(), of: path)
        default: throw Self.nothing(at: path)
        }
    }

    private func whole(_ path: JSONPointer) throws(RoadsteadError) -> JSONValue {
        switch self {
        case .add(let value), .replace(let value): return value
        case .remove: throw RoadsteadError(.invalidInput, "the whole document cannot be removed by a patch")
        }
    }

    private func within(
        _ object: JSONObject, _ key: String, _ rest: ArraySlice<String>, of path: JSONPointer
    ) throws(RoadsteadError) -> JSONValue {
        var object = object
        let old = object[key]
        if case .add(let value) = self, rest.isEmpty {
            object[key] = value
        } else if let old {
            object[key] = rest.isEmpty ? replacement : try apply(to: old, at: rest, of: path)
        } else {
            throw Self.nothing(at: path)
        }
        return .object(object)
    }

    private func within(
        _ elements: [JSONValue], _ token: String, _ rest: ArraySlice<String>, of path: JSONPointer
    ) throws(RoadsteadError) -> JSONValue {
        var elements = elements
        if case .add(let value) = self, rest.isEmpty {
            guard let index = token == "-" ? elements.count : JSONPointer.index(token), index <= elements.count else {
                throw RoadsteadError(.invalidInput, "'\(path)' lies outside of the array")
            }
            elements.insert(value, at: index)
            return .array(elements)
        }
        guard let index = JSONPointer.index(token), elements.indices.contains(index) else {
            throw Self.nothing(at: path)
        }
        if !rest.isEmpty {
            elements[index] = try apply(to: elements[index], at: rest, of: path)
        } else if let replacement {
            elements[index] = replacement
        } else {
            elements.remove(at: index)
        }
        return .array(elements)
    }

    /// What stands at the place afterwards; nil for a removal.
    private var replacement: JSONValue? {
        switch self {
        case .add(let value), .replace(let value): value
        case .remove: nil
        }
    }

    private static func nothing(at path: JSONPointer) -> RoadsteadError {
        RoadsteadError(.invalidInput, "there is nothing at '\(path)'")
    }
}
