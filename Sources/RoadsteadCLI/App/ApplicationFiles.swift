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
    /// Those of further Compose texts that the first one includes or extends.
    var variables: [ComposeReferences.Variable] = []
    /// Names of the files that secrets are made of.
    var secrets: Set<String> = []

    /// `read` gives the bytes of a path as the text has it; `extra` are further paths to take along.
    init(
        compose text: String, references: [ComposeReferences.FileReference], extra: [String] = [],
        path: String, read: @escaping (String) throws(RoadsteadError) -> [UInt8]
    ) throws(RoadsteadError) {
        var collection = FileCollection(read: read)
        compose = try collection.rewritten(text, references, folder: "", path: path)
        for file in extra {
            try collection.claim((file as NSString).lastPathComponent, for: file, path: path)
        }
        files = try collection.files(path: path)
        variables = collection.variables
        secrets = collection.secrets
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
        // The application's own text has this name: a file of the same name would seem to include itself.
        return String(allowed) == "docker-compose.yaml" ? "included_docker-compose.yaml" : String(allowed)
    }
}

/// Gathers the files of a Compose text, and of the Compose texts that it includes or extends, under plain names.
private struct FileCollection {
    let read: (String) throws(RoadsteadError) -> [UInt8]
    private(set) var variables: [ComposeReferences.Variable] = []
    private(set) var secrets: Set<String> = []
    /// Paths by name.
    private var paths: [String: String] = [:]
    /// Of further Compose texts, with their own references changed.
    private var texts: [String: String] = [:]

    init(read: @escaping (String) throws(RoadsteadError) -> [UInt8]) { self.read = read }

    /// The text with plain names for its files. `folder`: where it lies, seen from the first text; empty there.
    mutating func rewritten(
        _ text: String, _ references: [ComposeReferences.FileReference], folder: String, path: String
    ) throws(RoadsteadError) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.unicodeScalars) }
        // From the end of the text to its beginning, so that columns stay right while names change.
        for reference in references.sorted(by: { ($0.line, $0.column) > ($1.line, $1.column) }) {
            if reference.kind == .folder {
                // All files lie beside each other now.
                if reference.path != "." { try Self.replace(reference, by: ".", in: &lines, path: path) }
                continue
            }
            var whole = reference
            whole.path = Self.joined(reference.path, in: folder)
            if reference.isOptional, !isThere(whole.path) { continue }
            let name = try ApplicationFiles.name(for: whole, path: path)
            if name != reference.path, "./" + name != reference.path {
                try Self.replace(reference, by: name, in: &lines, path: path)
            }
            try claim(name, for: whole.path, path: path)
            if reference.kind == .secret { secrets.insert(name) }
            if reference.kind == .compose {
                let base = reference.base.map { Self.joined($0, in: folder) } ?? whole.path
                let own = (base as NSString).deletingLastPathComponent
                if reference.hasOwnVariables { try refuseVariables(in: own, reference, path: path) }
                try add(compose: whole.path, as: name, folder: own)
            }
        }
        return lines.map { line in String(String.UnicodeScalarView(line)) }.joined(separator: "\n")
    }

    /// A `.env` that counts by its place alone is lost where all files lie beside each other.
    private func refuseVariables(
        in folder: String, _ reference: ComposeReferences.FileReference, path: String
    ) throws(RoadsteadError) {
        guard !folder.isEmpty, isThere(folder + "/.env") else { return }
        throw RoadsteadError(
            .invalidInput,
            "\(path):\(reference.line):\(reference.column): \(folder)/.env has variables of '\(reference.path)', and an "
                + "application takes along only files that are named: write it into the include (env_file: \(folder)/.env)"
        )
    }

    private func isThere(_ path: String) -> Bool {
        do {
            _ = try read(path)
            return true
        } catch { return false }
    }

    private mutating func add(compose file: String, as name: String, folder: String) throws(RoadsteadError) {
        guard texts[name] == nil else { return }
        let text = try Self.text(try read(file), of: file, path: file)
        // Whoever comes back to it by a ring is told so by the reader.
        texts[name] = text
        let references = try ComposeReferences(text, path: file)
        variables += references.variables
        texts[name] = try rewritten(text, references.files, folder: folder, path: file)
    }

    mutating func claim(_ name: String, for file: String, path: String) throws(RoadsteadError) {
        if let other = paths[name], (other as NSString).standardizingPath != (file as NSString).standardizingPath {
            throw RoadsteadError(
                .invalidInput, "\(path): the files '\(other)' and '\(file)' would both be called '\(name)': rename one")
        }
        paths[name] = file
    }

    func files(path: String) throws(RoadsteadError) -> [ApplicationFiles.File] {
        var files: [ApplicationFiles.File] = []
        for (name, file) in paths.sorted(by: { $0.key < $1.key }) {
            let content: String
            if let text = texts[name] {
                content = text
            } else {
                content = try Self.text(try read(file), of: file, path: path)
            }
            files.append(ApplicationFiles.File(name: name, content: content))
        }
        return files
    }

    private static func joined(_ path: String, in folder: String) -> String {
        guard !path.hasPrefix("/"), !path.hasPrefix("~") else { return path }
        // Foundation takes out `..` of absolute paths only.
        var parts: [Substring] = []
        for part in (folder + "/" + path).split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
        }
        return (folder.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
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
