import RoadsteadBasics
import RoadsteadModel

/// The values of an attribute as a table `v` for a FROM clause: one row a value, arrays on the way and at the end opened.
///
/// `json_each` gives `v.type` and, for scalars, `v.atom`. Where the attribute is an object it gives the members, which
/// must not be compared: `isNoObject` rules them out.
struct AttributeSource {
    let tables: String
    let isNoObject: String

    init(_ path: FilterPath, compiler: inout QueryCompiler) throws {
        var tables: [String] = []
        var holder = compiler.body()
        for (level, name) in path.names.dropLast().enumerated() {
            let key = compiler.bind(.text(try Self.jsonPath(name, of: path)))
            tables.append(
                """
                json_each(CASE json_type(\(holder), \(key)) WHEN 'array' THEN json_extract(\(holder), \(key)) \
                WHEN 'object' THEN json_array(json_extract(\(holder), \(key))) ELSE '[]' END) e\(level)
                """)
            holder = "CASE e\(level).type WHEN 'object' THEN e\(level).value ELSE '{}' END"
        }
        let key = compiler.bind(.text(try Self.jsonPath(path.names.last ?? "", of: path)))
        tables.append("json_each(\(holder), \(key)) v")
        self.tables = tables.joined(separator: ", ")
        isNoObject = "json_type(\(holder), \(key)) IS NOT 'object'"
    }

    /// SQLite has no way to write a quotation mark within a quoted name of a path.
    private static func jsonPath(_ name: String, of path: FilterPath) throws -> String {
        guard !name.isEmpty, !name.utf8.contains(UInt8(ascii: "\"")), path.names.count <= 16 else {
            throw RoadsteadError(.invalidInput, "'\(path)' is not the name of an attribute")
        }
        return "$.\"\(name)\""
    }
}
