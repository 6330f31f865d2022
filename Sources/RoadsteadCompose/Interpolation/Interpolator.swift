/// Puts variables into every text of a Compose file (values, not keys), and makes numbers and booleans of the result
/// where the place wants them.
struct Interpolator {
    private typealias Casts = PathTree<InterpolationCasts.Cast>

    let variables: [String: String]
    let log: ProblemLog
    let budget: ComposeBudget

    /// Bytes of one text with its variables put in.
    private static let textLimit = 1 << 20

    func interpolate(_ root: YAMLNode) -> YAMLNode { interpolate(root, at: NodePath(), InterpolationCasts.tree) }

    private func interpolate(_ node: YAMLNode, at path: NodePath, _ casts: Casts?) -> YAMLNode {
        var result = node
        switch node.value {
        case .string(let text):
            if text.utf8.contains(UInt8(ascii: "$")) { return substitute(text, in: node, at: path, casts?.value) }
            if let cast = casts?.value, let value = InterpolationCasts.apply(cast, to: text) { result.value = value }
        case .list(let nodes):
            result.value = .list(
                nodes.enumerated().map { interpolate($1, at: path.index($0), casts?.element) })
        case .mapping(let mapping):
            let entries = mapping.entries.map { entry in
                YAMLMapping.Entry(
                    key: entry.key, position: entry.position,
                    value: interpolate(entry.value, at: path.key(entry.key), casts?.key(entry.key)))
            }
            result.value = .mapping(YAMLMapping(entries: entries))
        case .null, .bool, .integer, .number: break
        }
        return result
    }

    private func substitute(
        _ text: String, in node: YAMLNode, at path: NodePath, _ cast: InterpolationCasts.Cast?
    ) -> YAMLNode {
        var result = node
        do {
            let template = try Template(parsing: text)
            warnOfAmbiguity(template, path)
            var unset: [String] = []
            let expanded = try template.expanded(with: { variables[$0] }, unset: &unset, limit: Self.textLimit)
            try budget.spend(expanded.utf8.count)
            for name in unset { log.warn("variable \(name) is not set: an empty text stands in its place") }
            guard expanded != text else { return node }
            result.value = .string(expanded)
            if let cast { apply(cast, to: expanded, &result, at: path) }
        } catch {
            result.isBroken = true
            report(error, at: Origin(path: path, position: node.position))
        }
        return result
    }

    private func apply(_ cast: InterpolationCasts.Cast, to text: String, _ node: inout YAMLNode, at path: NodePath) {
        if let value = InterpolationCasts.apply(cast, to: text) {
            node.value = value
        } else {
            node.isBroken = true
            let wanted =
                switch cast {
                case .integer, .mode: "an integer"
                case .number: "a number"
                case .boolean: "a boolean (true or false)"
                }
            log.add("must be \(wanted), and its variables give '\(text)'", at: node.position, path: path)
        }
    }

    /// Says what is wrong without showing the text, which may be a password.
    private func report(_ error: any Error, at origin: Origin) {
        switch error {
        case Template.ExpansionError.missing(let name, let message):
            log.add(
                "required variable \(name) is missing a value: \(message)", at: origin,
                hint: "set \(name) in the environment or by an env file")
        case Template.ExpansionError.tooLong:
            log.add("is longer than \(Self.textLimit) bytes with its variables put in", at: origin)
        case let error as Template.FormatError:
            log.add(
                "invalid interpolation format behind byte \(error.offset) of the text", at: origin,
                hint: "write ${NAME}, and $$ for a dollar sign")
        default: log.add("\(error)", at: origin)
        }
    }

    private func warnOfAmbiguity(_ template: Template, _ path: NodePath) {
        for name in template.ambiguousNames {
            log.warn("\(path): docker would take what follows $\(name) for a default; write ${\(name)} to be clear")
        }
    }
}
