import Foundation
import RoadsteadBasics

/// A Compose text with the files that it names, as one application can hold them: all in one folder, by plain names.
///
/// A file that lies in a folder of its own gets a name without it (`conf/page.html` becomes `conf_page.html`), and the
/// text is changed in that one place. Files must be texts in UTF-8.
struct ApplicationFiles: Sendable {
    struct File: Hashable, Sendable {
        var name: String
        var content: String
    }

    var compose: String
    /// Sorted by name.
    var files: [File]

    /// `read` gives the bytes of a path as the text has it; `extra` are further paths to take along.
    init(
        compose text: String, references: [ComposeReferences.FileReference], extra: [String] = [],
        path: String, read: (String) throws(RoadsteadError) -> [UInt8]
    ) throws(RoadsteadError) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.unicodeScalars) }
        var names: [String: String] = [:]
        // From the end of the text to its beginning, so that columns stay right while names change.
        for reference in references.sorted(by: { ($0.line, $0.column) > ($1.line, $1.column) }) {
            let name = try Self.name(for: reference, path: path)
            if name != reference.path, "./" + name != reference.path {
                try Self.replace(reference, by: name, in: &lines, path: path)
            }
            try Self.claim(name, for: reference.path, &names, path: path)
        }
        for file in extra {
            let name = (file as NSString).lastPathComponent
            try Self.claim(name, for: file, &names, path: path)
        }
        compose = lines.map { line in String(String.UnicodeScalarView(line)) }.joined(separator: "\n")
        files = []
        for (name, file) in names.sorted(by: { $0.key < $1.key }) {
            files.append(File(name: name, content: try Self.text(try read(file), of: file, path: path)))
        }
    }

    /// The documents' form: `{file-name, file-content}`.
    var documents: [JSONValue] {
        files.map { ["file-name": .string($0.name), "file-content": .string($0.content)] }
    }

    /// The path's parts joined by `_`, without `.` and `..`; letters, digits, `_`, `-` and `.` only.
    static func name(for reference: ComposeReferences.FileReference, path: String) throws(RoadsteadError) -> String {
        guard !reference.path.contains("$") else {
            throw RoadsteadError(
                .invalidInput,
                "\(path):\(reference.line):\(reference.column): file '\(reference.path)' is named by a variable; an "
                    + "application is kept at the server with its files, so write the name out")
        }
        let parts = reference.path.split(separator: "/").filter { $0 != "." && $0 != ".." && $0 != "~" }
        let allowed = parts.joined(separator: "_").unicodeScalars.map { scalar -> Character in
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || (48...57).contains(scalar.value))
            return isPlain || "_-.".unicodeScalars.contains(scalar) ? Character(scalar) : "_"
        }
        guard !allowed.isEmpty else {
            throw RoadsteadError(
                .invalidInput, "\(path):\(reference.line):\(reference.column): '\(reference.path)' is not a file's name"
            )
        }
        return String(allowed)
    }

    private static func claim(
        _ name: String, for file: String, _ names: inout [String: String], path: String
    ) throws(RoadsteadError) {
        if let other = names[name], (other as NSString).standardizingPath != (file as NSString).standardizingPath {
            throw RoadsteadError(
                .invalidInput, "\(path): the files '\(other)' and '\(file)' would both be called '\(name)': rename one")
        }
        names[name] = file
    }

    private static func replace(
        _ reference: ComposeReferences.FileReference, by name: String, in lines: inout [[Unicode.Scalar]], path: String
    ) throws(RoadsteadError) {
        let written = Array(reference.path.unicodeScalars)
        let row = reference.line - 1
        var start = reference.column - 1
        if lines.indices.contains(row), lines[row].indices.contains(start),
            "'\"".unicodeScalars.contains(lines[row][start])
        {
            start += 1
        }
        guard lines.indices.contains(row), start >= 0, lines[row].count >= start + written.count,
            Array(lines[row][start..<start + written.count]) == written
        else {
            throw RoadsteadError(
                .invalidInput,
                "\(path):\(reference.line):\(reference.column): write the file name '\(reference.path)' on one line, "
                    + "without anchors or escapes")
        }
        lines[row].replaceSubrange(start..<start + written.count, with: Array(name.unicodeScalars))
    }

    private static func text(_ bytes: [UInt8], of file: String, path: String) throws(RoadsteadError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw RoadsteadError(
                .invalidInput,
                "\(path): file '\(file)' is not a text in UTF-8, which is all that an application can hold")
        }
        return text
    }
}
