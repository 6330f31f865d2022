import RoadsteadBasics
import Yams

/// YAML, or JSON, which is YAML too, as a JSON value. Plain scalars are read by the core schema of YAML 1.2: `no` and
/// `22:22` are texts.
enum YAMLDocument {
    /// Throws invalidInput with file and line.
    static func read(_ text: String, path: String) throws(RoadsteadError) -> JSONValue {
        let node: Node?
        do { node = try Yams.compose(yaml: text) } catch {
            throw RoadsteadError(.invalidInput, "\(path) is not YAML: \(reason(error))")
        }
        guard let node else { throw RoadsteadError(.invalidInput, "\(path) is empty") }
        return try value(node, path)
    }

    private static func reason(_ error: any Error) -> String {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _)?, .parser(_, let problem, let mark, _)?,
            .composer(_, let problem, let mark, _)?:
            "line \(mark.line): \(problem)"
        case .duplicatedKeysInMapping(let keys, let context)?:
            "line \(context.mark.line): \(keys.map(String.init(describing:)).joined(separator: ", ")) is there twice"
        default: "it cannot be read"
        }
    }

    private static func value(_ node: Node, _ path: String) throws(RoadsteadError) -> JSONValue {
        switch node {
        case .scalar(let scalar): return scalar.style == .plain ? plain(scalar.string) : .string(scalar.string)
        case .sequence(let sequence):
            var elements: [JSONValue] = []
            for element in sequence { elements.append(try value(element, path)) }
            return .array(elements)
        case .mapping(let mapping):
            var object = JSONObject()
            for (key, element) in mapping {
                guard let name = key.scalar?.string else {
                    throw RoadsteadError(
                        .invalidInput, "\(path) has a key that is no text at line \(key.mark?.line ?? 0)")
                }
                object[name] = try value(element, path)
            }
            return .object(object)
        case .alias: throw RoadsteadError(.invalidInput, "\(path) has an alias where none can be")
        }
    }

    private static func plain(_ text: String) -> JSONValue {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return true
        case "false", "False", "FALSE": return false
        default: break
        }
        let digits = text.drop { $0 == "-" }
        guard let first = digits.first, first.isASCII, first.isNumber, digits.count + 1 >= text.count else {
            return .string(text)
        }
        if let integer = Int64(text) { return .integer(integer) }
        let isNumber = digits.allSatisfy { $0.isASCII && ($0.isNumber || ".eE+-".contains($0)) }
        return isNumber ? Double(text).map(JSONValue.number) ?? .string(text) : .string(text)
    }
}
