import Foundation
import RoadsteadBasics
import RoadsteadCompose

/// What `app add` and `deploy -f` put into a version of an application, made from a Compose file on disk.
struct ApplicationContent: Sendable {
    var compose: String
    var files: [JSONValue]
    var variables: [ComposeReferences.Variable]
    var registries: [RegistryChoice] = []
    var manifest = ApplicationManifest()
    /// Names of the files that secrets are made of.
    var secretFiles: Set<String> = []
    /// Whether the text is made of several files, and none of them.
    var isMerged = false
    /// The files as they were named, before they became one.
    var sources: [ComposeSource] = []

    /// `path` may be `-` for standard input; file names are then relative to the working directory. `overrides` are
    /// merged over it in their order: the application then includes them all.
    static func load(
        _ path: String, overrides: [String] = [], extraFiles: [String]
    ) async throws -> ApplicationContent {
        let isInput = path == "-"
        let label = isInput ? "standard input" : path
        let first = try await isInput ? StandardInput.text() : TextFile.read(path)
        var references = try ComposeReferences(first, path: label)
        let (manifest, text) = (references.manifest, overrides.isEmpty ? first : merging([path] + overrides))
        if !overrides.isEmpty { references = try ComposeReferences(text, path: label) }
        let folder = isInput ? "." : (path as NSString).deletingLastPathComponent
        let files = try ApplicationFiles(
            compose: text, references: references.files, extra: extraFiles, path: label
        ) { file throws(RoadsteadError) in
            try TextFile.readBytes(extraFiles.contains(file) ? file : resolved(file, in: folder))
        }
        references.add(files.variables)
        var sources = [ComposeSource(path: label, text: first)]
        for path in overrides { sources.append(ComposeSource(path: path, text: try TextFile.read(path))) }
        return ApplicationContent(
            compose: files.compose, files: files.documents, variables: references.variables, manifest: manifest,
            secretFiles: files.secrets, isMerged: !overrides.isEmpty,
            sources: sources)
    }

    /// A text that includes files as one, seen from the folder of the first.
    private static func merging(_ paths: [String]) -> String {
        let current = FileManager.default.currentDirectoryPath
        let absolute = paths.map { (($0.hasPrefix("/") ? $0 : current + "/" + $0) as NSString).standardizingPath }
        let folder = (absolute[0] as NSString).deletingLastPathComponent + "/"
        let names = absolute.map { $0.hasPrefix(folder) ? String($0.dropFirst(folder.count)) : $0 }
        let lines = names.map { "      - '\($0.replacing("'", with: "''"))'" }
        return "include:\n  - path:\n" + lines.joined(separator: "\n") + "\n"
    }

    private static func resolved(_ file: String, in folder: String) -> String {
        let expanded = (file as NSString).expandingTildeInPath
        guard !expanded.hasPrefix("/") else { return expanded }
        return folder.isEmpty ? expanded : folder + "/" + expanded
    }

    /// Whether a stored version says the same, so that no new one is needed.
    func isSame(as content: JSONObject) -> Bool {
        let own = document(author: "", commit: "")
        return Self.compared.allSatisfy { key in Self.bare(content[key], key) == Self.bare(own[key], key) }
            && hasSameSecrets(as: content)
    }

    private func hasSameSecrets(as content: JSONObject) -> Bool {
        let stored = SecretFileDigests(content)
        return stored.undisclosed.isEmpty
            && stored.digests == SecretFileDigests(texts(areSecret: true), of: content).digests
    }

    /// Contents by name, of the files that secrets are made of or of the others.
    func texts(areSecret: Bool) -> [String: String] {
        let pairs = files.map { ($0["file-name"]?.stringValue ?? "", $0["file-content"]?.stringValue ?? "") }
        return Dictionary(
            pairs.filter { secretFiles.contains($0.0) == areSecret }, uniquingKeysWith: { first, _ in first })
    }

    private static let compared = [
        "docker-compose", "files", "environmental-variables", "private-registries", "registries-credentials", "urls",
        "output-parameters", "minimum-requirements",
    ]

    func document(author: String, commit: String) -> JSONObject {
        var document: JSONObject = [
            "author": .string(author), "commit": .string(commit), "docker-compose": .string(compose),
        ]
        let isSecret = { (file: JSONValue) in file["file-name"]?.stringValue.map(secretFiles.contains) ?? false }
        let (plain, secret) = (files.filter { !isSecret($0) }, files.filter(isSecret))
        if !plain.isEmpty { document["files"] = .array(plain) }
        if !secret.isEmpty { document["secret-files"] = .array(secret) }
        if !declarations.isEmpty { document["environmental-variables"] = .array(declarations) }
        if !registries.isEmpty {
            document["private-registries"] = JSONValue(registries.map(\.service.description))
            document["registries-credentials"] = JSONValue(registries.map(\.credential.description))
        }
        if !manifest.urls.isEmpty {
            document["urls"] = .array(manifest.urls.map { [.string($0.label), .string($0.pattern)] })
        }
        if !manifest.outputs.isEmpty {
            document["output-parameters"] = .array(
                manifest.outputs.map { ["name": .string($0.name), "description": .string($0.description)] })
        }
        document["minimum-requirements"] = manifest.requirements.map(JSONValue.object)
        return document
    }

    /// The files by name, for a reader.
    var fileBytes: [String: [UInt8]] {
        let pairs = files.map {
            ($0["file-name"]?.stringValue ?? "", Array(($0["file-content"]?.stringValue ?? "").utf8))
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    /// Values come with each deployment, but for those that `x-roadstead` gives; the variables are those that the text
    /// uses or `x-roadstead` names. Names beginning with `NUVLA_` are the server's own.
    private var declarations: [JSONValue] {
        let used = variables.filter { !$0.name.hasPrefix("NUVLA_") }
        let names =
            used.map(\.name) + manifest.variables.keys.sorted().filter { name in !used.contains { $0.name == name } }
        return names.map { name in
            let said = manifest.variables[name]
            var declaration: JSONObject = ["name": .string(name)]
            if said?.isRequired ?? false || used.contains(where: { $0.name == name && $0.isRequired }) {
                declaration["required"] = true
            }
            declaration["description"] = said?.description.map(JSONValue.string)
            declaration["value"] = said?.value.map(JSONValue.string)
            return .object(declaration)
        }
    }

    /// Without what a server adds: files and variables in any order, flags that are off.
    private static func bare(_ value: JSONValue?, _ key: String) -> Set<JSONValue> {
        let keys = [
            "files": ["file-name", "file-content"],
            "environmental-variables": ["name", "required", "description", "value"],
        ][key]
        guard let keys else { return [value ?? .null] }
        return Set(
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
