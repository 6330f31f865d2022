import Foundation
import RoadsteadBasics
import RoadsteadCompose

/// Gathers what `stack deploy` reads: Compose files, and the variables for them.
struct ComposeInputLoader: Sendable {
    /// As given: paths, or `-` for standard input.
    var files: [String]
    /// As given; empty means `.env` beside the first file, if there is one.
    var envFiles: [String]
    var environment: [String: String]
    /// As given; empty means those of `COMPOSE_PROFILES`.
    var profiles: [String] = []
    var builds = false

    func load() async throws -> ComposeInput {
        guard files.count(where: { $0 == "-" }) <= 1 else {
            throw RoadsteadError(.invalidInput, "standard input (-) can be one of the Compose files, not several")
        }
        var sources: [ComposeSource] = []
        for file in files {
            let text = try await file == "-" ? StandardInput.text() : TextFile.read(file)
            sources.append(ComposeSource(path: file == "-" ? "standard input" : file, text: text))
        }
        return ComposeInput(
            sources: sources, environment: try variables(), reader: DiskFileReader(), workingDirectory: folder,
            profiles: profiles, builds: builds)
    }

    /// Relative paths count from the first file, as with docker; with standard input from here.
    var folder: String {
        let current = FileManager.default.currentDirectoryPath
        guard let first = files.first, first != "-" else { return current }
        let absolute = first.hasPrefix("/") ? first : current + "/" + first
        return ((absolute as NSString).standardizingPath as NSString).deletingLastPathComponent
    }

    /// The environment wins over files, as with docker compose.
    func variables() throws(RoadsteadError) -> [String: String] {
        var values: [String: String] = [:]
        let standard = folder + "/.env"
        let paths = envFiles.isEmpty && FileManager.default.fileExists(atPath: standard) ? [standard] : envFiles
        for path in paths {
            let file = try EnvironmentFile(
                try TextFile.read(path), path: path, environment: environment, earlier: values)
            values.merge(file.values) { _, new in new }
        }
        return values.merging(environment) { _, outer in outer }
    }
}
