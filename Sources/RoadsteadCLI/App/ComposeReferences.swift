import RoadsteadBasics
import Yams

/// What a Compose text names outside itself: files (configs, secrets, env_file) and variables.
///
/// Only the places are looked at that the Compose specification gives to files; whether the rest of the text is right is
/// for the Compose reader to say.
struct ComposeReferences: Sendable {
    struct FileReference: Hashable, Sendable {
        /// As it is written.
        var path: String
        /// From 1, in Unicode scalars; where the text of the path (or its quote) begins.
        var line: Int
        var column: Int
    }

    struct Variable: Hashable, Sendable {
        var name: String
        /// Whether the text refuses to be read without it (`${NAME:?…}`).
        var isRequired: Bool
    }

    var files: [FileReference] = []
    /// In the order in which they first come.
    var variables: [Variable] = []

    /// Throws invalidInput with line and column when the text is not YAML.
    init(_ text: String, path: String) throws(RoadsteadError) {
        variables = Self.variables(in: text)
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch {
            throw RoadsteadError(.invalidInput, Self.message(error, path: path))
        }
        guard let root else { throw RoadsteadError(.invalidInput, "\(path) is empty") }
        for section in ["configs", "secrets"] {
            for object in root[section]?.mapping?.values.map({ $0 }) ?? [] { add(object["file"]) }
        }
        for service in root["services"]?.mapping?.values.map({ $0 }) ?? [] {
            add(environmentFiles: service["env_file"])
        }
    }

    private mutating func add(environmentFiles node: Node?) {
        guard let sequence = node?.sequence else { return add(node) }
        for element in sequence { add(element.mapping == nil ? element : element["path"]) }
    }

    private mutating func add(_ node: Node?) {
        guard let scalar = node?.scalar, !scalar.string.isEmpty else { return }
        let mark = scalar.mark
        files.append(FileReference(path: scalar.string, line: mark?.line ?? 0, column: mark?.column ?? 0))
    }

    private static func message(_ error: any Error, path: String) -> String {
        guard let error = error as? YamlError else { return "\(path) is not YAML" }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return "\(path):\(mark.line):\(mark.column): \(problem)"
        default: return "\(path) is not YAML: \(error)"
        }
    }
}

// MARK: - Variables

extension ComposeReferences {
    /// The names in `$NAME` and `${NAME…}`; `$$` is a dollar sign.
    static func variables(in text: String) -> [Variable] {
        var found: [Variable] = []
        var rest = Substring(text)
        while let dollar = rest.firstIndex(of: "$") {
            rest = rest[rest.index(after: dollar)...]
            if rest.first == "$" { rest = rest.dropFirst(); continue }
            let isBraced = rest.first == "{"
            if isBraced { rest = rest.dropFirst() }
            let name = rest.prefix { $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber)) }
            guard let first = name.first, !first.isNumber else { continue }
            rest = rest[name.endIndex...]
            let isRequired = isBraced && (rest.hasPrefix("?") || rest.hasPrefix(":?"))
            if let index = found.firstIndex(where: { $0.name == name }) {
                found[index].isRequired = found[index].isRequired || isRequired
            } else {
                found.append(Variable(name: String(name), isRequired: isRequired))
            }
        }
        return found
    }
}
