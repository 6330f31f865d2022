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
    struct FormatError: Error, Hashable, Sendable {
        /// The byte of the text, from 1, behind which it was noticed.
        var offset: Int
    }

    var parts: [Part]
    /// Unbraced variables right before what docker would take for a modifier.
    var ambiguousNames: [String] = []

    /// - Parameter keepsLoneDollars: a dollar sign before neither a name nor a brace stands for itself.
    init(parsing text: String, keepsLoneDollars: Bool = false) throws(FormatError) {
        var parser = TemplateParser(text, keepsLoneDollars: keepsLoneDollars)
        parts = try parser.parse(untilBrace: false)
        ambiguousNames = parser.ambiguousNames
    }

    init(parts: [Part]) { self.parts = parts }
}

extension Template {
    enum ExpansionError: Error, Hashable, Sendable {
        /// A variable that must have a value and has none.
        case missing(name: String, message: String)
        /// The text would be longer than allowed.
        case tooLong
    }

    /// The text with variables put in, at most `limit` bytes. Names without a value go to `unset`, their place stays
    /// empty.
    func expanded(
        with variables: (String) -> String?, unset: inout [String], limit: Int = .max
    ) throws(ExpansionError) -> String {
        var result = ""
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .variable(let name, nil):
                if variables(name) == nil { unset.append(name) }
                result += variables(name) ?? ""
            case .variable(let name, let modifier?):
                result += try Self.apply(modifier, to: name, variables, &unset, limit)
            }
            guard result.utf8.count <= limit else { throw .tooLong }
        }
        return result
    }

    private static func apply(
        _ modifier: Modifier, to name: String, _ variables: (String) -> String?, _ unset: inout [String], _ limit: Int
    ) throws(ExpansionError) -> String {
        let value = variables(name).flatMap { modifier.treatsEmptyAsUnset && $0.isEmpty ? nil : $0 }
        switch modifier.kind {
        case .useDefault:
            if let value { return value }
            return try modifier.word.expanded(with: variables, unset: &unset, limit: limit)
        case .replace:
            if value == nil { return "" }
            return try modifier.word.expanded(with: variables, unset: &unset, limit: limit)
        case .require:
            if let value { return value }
            let message = try modifier.word.expanded(with: variables, unset: &unset, limit: limit)
            throw .missing(name: name, message: message)
        }
    }
}
