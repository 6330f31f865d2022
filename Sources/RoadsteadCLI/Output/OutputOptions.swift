import ArgumentParser
import RoadsteadBasics

enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case table, json, yaml
}

/// `-o` and `-q` of every command that answers with things.
struct OutputOptions: ParsableArguments, Sendable {
    @Option(name: [.customShort("o"), .long], help: "How to print: table, json or yaml.")
    var output = OutputFormat.table

    @Flag(name: .shortAndLong, help: "Print ids only.")
    var quiet = false
}

/// Documents of one type on their way out.
struct Listing {
    struct Column {
        var title: String
        var text: (JSONObject) -> String

        init(_ title: String, _ text: @escaping (JSONObject) -> String) {
            self.title = title
            self.text = text
        }

        /// The member `key`, as text.
        init(_ title: String, key: String) {
            self.init(title) { $0.text(key) }
        }
    }

    var documents: [JSONObject]
    var columns: [Column]

    func lines(_ options: OutputOptions) throws -> [String] {
        if options.quiet { return documents.map { $0.text("id") } }
        switch options.output {
        case .table:
            return Table(columns.map(\.title), documents.map { document in columns.map { $0.text(document) } }).lines()
        case .json, .yaml:
            return try Self.encoded(.array(documents.map(JSONValue.object)), options.output)
        }
    }

    /// One document: `table` is what people see.
    static func lines(_ document: JSONObject, _ options: OutputOptions, table: () -> [String]) throws -> [String] {
        if options.quiet { return [document.text("id")] }
        return options.output == .table ? table() : try encoded(.object(document), options.output)
    }

    static func encoded(_ value: JSONValue, _ format: OutputFormat) throws -> [String] {
        guard format == .yaml else { return [value.text(.pretty)] }
        var text = try YAMLText.text(value)
        if text.last == "\n" { text.removeLast() }
        return [text]
    }
}

extension JSONObject {
    /// The member as people read it; empty when absent.
    func text(_ key: String) -> String {
        switch self[key] {
        case nil, .null?: ""
        case .string(let text)?: text
        case .bool(let value)?: value ? "yes" : "no"
        case .integer(let value)?: String(value)
        case .number(let value)?: value.description
        case .array(let values)?: values.compactMap(\.stringValue).joined(separator: ", ")
        case .object(let object)?: object["href"]?.stringValue ?? ""
        }
    }

    var id: ResourceID? { self["id"]?.stringValue.flatMap { ResourceID($0) } }

    /// The name, or the id where there is none.
    var title: String { self["name"]?.stringValue ?? text("id") }
}
