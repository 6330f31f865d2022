/// A text with variables, as Compose files hold them: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`,
/// `${NAME:?message}`, `${NAME?message}`, `${NAME:+replacement}`, `${NAME+replacement}`, and `$$` for a dollar sign.
///
/// Unlike docker's, defaults may hold variables themselves, and modifiers count only within braces: docker reads
/// `$TAG-alpine` as "TAG, or else alpine" and loses the end of the text when TAG is set.
struct Template: Hashable, Sendable {
    indirect enum Part: Hashable, Sendable {
        case text(String)
        case variable(name: String, modifier: Modifier?)
    }

    struct Modifier: Hashable, Sendable {
        enum Kind: Hashable, Sendable { case useDefault, require, replace }

        var kind: Kind
        /// With a colon: an empty value counts as none.
        var treatsEmptyAsUnset: Bool
        var word: Template
    }

    /// A dollar sign that begins nothing known, or a brace that is not closed.
    struct FormatError: Error, Hashable, Sendable {}

    var parts: [Part]
    /// Unbraced variables right before what docker would take for a modifier.
    var ambiguousNames: [String] = []

    init(parsing text: String) throws(FormatError) {
        var parser = TemplateParser(text)
        parts = try parser.parse(untilBrace: false)
        ambiguousNames = parser.ambiguousNames
    }

    init(parts: [Part]) { self.parts = parts }
}

extension Template {
    /// A variable that must have a value and has none.
    struct MissingVariable: Error, Hashable, Sendable {
        var name: String
        var message: String
    }

    /// The text with variables put in. Names without a value go to `unset`, their place stays empty.
    func expanded(
        with variables: [String: String], unset: inout [String]
    ) throws(MissingVariable) -> String {
        var result = ""
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .variable(let name, nil):
                if variables[name] == nil { unset.append(name) }
                result += variables[name] ?? ""
            case .variable(let name, let modifier?):
                result += try Self.apply(modifier, to: name, variables, &unset)
            }
        }
        return result
    }

    private static func apply(
        _ modifier: Modifier, to name: String, _ variables: [String: String], _ unset: inout [String]
    ) throws(MissingVariable) -> String {
        let value = variables[name].flatMap { modifier.treatsEmptyAsUnset && $0.isEmpty ? nil : $0 }
        switch modifier.kind {
        case .useDefault:
            if let value { return value }
            return try modifier.word.expanded(with: variables, unset: &unset)
        case .replace: return value == nil ? "" : try modifier.word.expanded(with: variables, unset: &unset)
        case .require:
            if let value { return value }
            throw MissingVariable(name: name, message: try modifier.word.expanded(with: variables, unset: &unset))
        }
    }
}
