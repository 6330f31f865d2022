import ArgumentParser
import RoadsteadBasics

/// A text with fields in docker's spelling, `{{.Name}}: {{.URL}}`. Only fields: no loops and no functions, but `json`.
struct FieldTemplate: ExpressibleByArgument, Sendable {
    private enum Part: Sendable {
        case text(String)
        /// Names from the outside in.
        case field([String], isJSON: Bool)
    }

    private var parts: [Part] = []

    /// nil for braces that hold anything else than a field.
    init?(argument: String) {
        var rest = Substring(argument)
        while let start = rest.firstRange(of: "{{") {
            parts.append(.text(String(rest[..<start.lowerBound])))
            rest = rest[start.upperBound...]
            guard let end = rest.firstRange(of: "}}"), let field = Self.field(rest[..<end.lowerBound]) else {
                return nil
            }
            parts.append(field)
            rest = rest[end.upperBound...]
        }
        parts.append(.text(String(rest)))
    }

    private static func field(_ text: Substring) -> Part? {
        let words = text.split(separator: " ")
        let isJSON = words.count == 2 && words[0] == "json"
        guard let path = words.last, path.hasPrefix("."), words.count == 1 || isJSON else { return nil }
        let names = path.split(separator: ".").map(String.init)
        return isJSON || !names.isEmpty ? .field(names, isJSON: isJSON) : nil
    }

    func text(_ fields: [String: String]) -> String {
        text(.object(JSONObject(fields.map { ($0.key, JSONValue.string($0.value)) })))
    }

    /// What is not there is docker's `<no value>`.
    func text(_ value: JSONValue) -> String {
        parts.map { part in
            switch part {
            case .text(let text): return text
            case .field(let names, let isJSON):
                let found = names.reduce(Optional(value)) { $0?[$1] }
                guard let found else { return "<no value>" }
                return isJSON ? found.text() : found.stringValue ?? found.text()
            }
        }.joined()
    }
}
