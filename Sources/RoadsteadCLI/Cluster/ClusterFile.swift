import RoadsteadBasics

/// `cluster.yaml`: the specification of a cluster, in YAML or JSON.
enum ClusterFile {
    /// Throws invalidInput that names the file, and the line of what is no YAML.
    static func read(_ path: String) async throws -> JSONObject {
        let text = path == "-" ? try await TextFile.readInput() : try TextFile.read(path)
        guard let object = try YAMLDocument.read(text, path: path).objectValue else {
            throw RoadsteadError(.invalidInput, "\(path) must be a map, with at least name and driver")
        }
        return object
    }
}
