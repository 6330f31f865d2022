import Foundation
import RoadsteadBasics

/// What `app add` and `deploy -f` put into a version of an application, made from a Compose file on disk.
struct ApplicationContent: Sendable {
    var compose: String
    var files: [JSONValue]
    var variables: [ComposeReferences.Variable]
    var registries: [RegistryChoice] = []

    /// `path` may be `-` for standard input; file names are then relative to the working directory.
    static func load(_ path: String, extraFiles: [String]) async throws -> ApplicationContent {
        let isInput = path == "-"
        let label = isInput ? "standard input" : path
        let text = try await isInput ? StandardInput.text() : TextFile.read(path)
        let references = try ComposeReferences(text, path: label)
        let folder = isInput ? "." : (path as NSString).deletingLastPathComponent
        let files = try ApplicationFiles(
            compose: text, references: references.files, extra: extraFiles, path: label
        ) { file throws(RoadsteadError) in
            try TextFile.readBytes(extraFiles.contains(file) ? file : resolved(file, in: folder))
        }
        return ApplicationContent(compose: files.compose, files: files.documents, variables: references.variables)
    }

    private static func resolved(_ file: String, in folder: String) -> String {
        let expanded = (file as NSString).expandingTildeInPath
        guard !expanded.hasPrefix("/") else { return expanded }
        return folder.isEmpty ? expanded : folder + "/" + expanded
    }

    /// Whether a stored version says the same, so that no new one is needed.
    func isSame(as content: JSONObject) -> Bool {
        content.text("docker-compose") == compose
            && Self.bare(content["files"], ["file-name", "file-content"]) == Set(files)
            && Self.bare(content["environmental-variables"], ["name", "required"]) == Set(declarations)
            && (content["private-registries"]?.arrayValue ?? []) == registries.map { .string($0.service.description) }
            && (content["registries-credentials"]?.arrayValue ?? [])
                == registries.map { .string($0.credential.description) }
    }

    func document(author: String, commit: String) -> JSONObject {
        var document: JSONObject = [
            "author": .string(author), "commit": .string(commit), "docker-compose": .string(compose),
        ]
        if !files.isEmpty { document["files"] = .array(files) }
        if !declarations.isEmpty { document["environmental-variables"] = .array(declarations) }
        if !registries.isEmpty {
            document["private-registries"] = JSONValue(registries.map(\.service.description))
            document["registries-credentials"] = JSONValue(registries.map(\.credential.description))
        }
        return document
    }

    /// The files by name, for a reader.
    var fileBytes: [String: [UInt8]] {
        let pairs = files.map {
            ($0["file-name"]?.stringValue ?? "", Array(($0["file-content"]?.stringValue ?? "").utf8))
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    /// Values come with each deployment; an application says only which variables there are. Names beginning with
    /// `NUVLA_` are the server's own.
    private var declarations: [JSONValue] {
        variables.filter { !$0.name.hasPrefix("NUVLA_") }.map { variable in
            variable.isRequired
                ? ["name": .string(variable.name), "required": true] : ["name": .string(variable.name)]
        }
    }

    private static func bare(_ value: JSONValue?, _ keys: [String]) -> Set<JSONValue> {
        Set(
            value?.arrayValue?.map { element in
                .object(element.objectValue?.filter { keys.contains($0.key) && $0.value != false } ?? JSONObject())
            } ?? [])
    }
}

/// Standard input as a text, within the cap of a file.
enum StandardInput {
    static func text() async throws -> String {
        let data = try await BlockingWork.run { try FileHandle.standardInput.read(upToCount: TextFile.maximumSize + 1) }
        guard let data, !data.isEmpty else { throw RoadsteadError(.invalidInput, "standard input is empty") }
        guard data.count <= TextFile.maximumSize, let text = String(validating: data, as: UTF8.self) else {
            throw RoadsteadError(.invalidInput, "standard input is not a text in UTF-8 of at most 1 MiB")
        }
        return text
    }
}
