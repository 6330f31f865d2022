import RoadsteadBasics
import Yams

/// What a Compose text names outside itself: files (configs, secrets, env_file, label_file, security_opt,
/// include, extends) and variables.
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
        var kind = Kind.plain
        /// Of a Compose text: the one from whose folder its own paths count, when that is another.
        var base: String?
        /// Whether the text is content without it (`required: false`).
        var isOptional = false
        /// Of an include that names no file of variables: then a `.env` in its folder counts.
        var hasOwnVariables = false
    }

    enum Kind: Hashable, Sendable {
        case plain
        /// Its content is shown to nobody.
        case secret
        /// Another Compose text, which names things itself.
        case compose
        /// No file: the folder from which an included text's own paths count.
        case folder
    }

    struct Variable: Hashable, Sendable {
        var name: String
        /// Whether the text refuses to be read without it (`${NAME:?…}`).
        var isRequired: Bool
    }

    var files: [FileReference] = []
    /// In the order in which they first come.
    var variables: [Variable] = []
    var manifest = ApplicationManifest()

    /// Throws invalidInput with line and column when the text is not YAML.
    init(_ text: String, path: String) throws(RoadsteadError) {
        variables = Self.variables(in: text)
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch {
            throw RoadsteadError(.invalidInput, Self.message(error, path: path))
        }
        guard let root else { throw RoadsteadError(.invalidInput, "\(path) is empty") }
        manifest = try ApplicationManifest(root, path: path)
        for section in ["configs", "secrets"] {
            for object in root[section]?.mapping?.values.map({ $0 }) ?? [] {
                add(object["file"], section == "secrets" ? .secret : .plain)
                add(variable: object["environment"]?.scalar?.string, isRequired: true)
            }
        }
        add(includes: root["include"])
        for service in root["services"]?.mapping?.values.map({ $0 }) ?? [] {
            for key in ["env_file", "label_file"] { add(list: service[key]) }
            if service["extends"]?.mapping != nil { add(service["extends"]?["file"], .compose) }
            add(profiles: service["security_opt"])
            add(environment: service["environment"])
        }
    }

    private mutating func add(list node: Node?) {
        guard let sequence = node?.sequence else { return add(node) }
        for element in sequence {
            guard element.mapping != nil else { add(element); continue }
            add(element["path"], isOptional: element["required"]?.bool == false)
        }
    }

    /// `seccomp=FILE`
    private mutating func add(profiles node: Node?) {
        for option in node?.sequence ?? [] {
            guard let scalar = option.scalar, ["seccomp=", "seccomp:"].contains(where: scalar.string.hasPrefix) else {
                continue
            }
            let path = String(scalar.string.dropFirst("seccomp=".count))
            guard !["unconfined", "builtin", ""].contains(path) else { continue }
            let quote = [.singleQuoted, .doubleQuoted].contains(scalar.style) ? 1 : 0
            let column = (scalar.mark?.column ?? 0) + quote + "seccomp=".count
            files.append(FileReference(path: path, line: scalar.mark?.line ?? 0, column: column))
        }
    }

    private mutating func add(includes node: Node?) {
        for element in node?.sequence ?? [] {
            guard element.mapping != nil else { add(element, .compose, hasOwnVariables: true); continue }
            let folder = element["project_directory"]?.scalar?.string
            let paths = element["path"]?.sequence.map { Array($0) } ?? [element["path"]].compactMap(\.self)
            // Without a folder, files that are merged count from that of the first.
            let base = folder.map { $0 + "/file" } ?? (paths.count > 1 ? paths[0].scalar?.string : nil)
            let hasOwnVariables = element["env_file"] == nil
            for one in paths { add(one, .compose, base: base, hasOwnVariables: hasOwnVariables) }
            add(element["project_directory"], .folder)
            add(list: element["env_file"])
        }
    }

    /// Names without a value are taken from the environment of whoever deploys.
    private mutating func add(environment node: Node?) {
        for entry in node?.sequence ?? [] where entry.scalar?.string.contains("=") == false {
            add(variable: entry.scalar?.string, isRequired: false)
        }
        for (key, value) in node?.mapping ?? [:] where value.null != nil {
            add(variable: key.scalar?.string, isRequired: false)
        }
    }

    private mutating func add(variable name: String?, isRequired: Bool) {
        guard let name, EnvironmentFile.isName(name) else { return }
        add([Variable(name: name, isRequired: isRequired)])
    }

    /// Those of another text that belongs to this one.
    mutating func add(_ others: [Variable]) {
        for other in others {
            if let index = variables.firstIndex(where: { $0.name == other.name }) {
                variables[index].isRequired = variables[index].isRequired || other.isRequired
            } else {
                variables.append(other)
            }
        }
    }

    private mutating func add(
        _ node: Node?, _ kind: Kind = .plain, base: String? = nil, isOptional: Bool = false,
        hasOwnVariables: Bool = false
    ) {
        guard let scalar = node?.scalar, !scalar.string.isEmpty else { return }
        let mark = scalar.mark
        files.append(
            FileReference(
                path: scalar.string, line: mark?.line ?? 0, column: mark?.column ?? 0, kind: kind, base: base,
                isOptional: isOptional, hasOwnVariables: hasOwnVariables))
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
