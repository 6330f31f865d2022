import Foundation
import RoadsteadBasics

/// The folder that a server keeps everything in.
enum DataDirectory {
    /// Makes it, for its owner alone. Throws `unavailable` when it cannot be made or written.
    static func ensure(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw RoadsteadError(
                .unavailable, "the data directory \(path) cannot be made; give another one with --data", cause: error)
        }
        guard access(path, W_OK | X_OK) == 0 else {
            throw RoadsteadError(
                .unavailable,
                "the data directory \(path) cannot be written (\(String(cString: strerror(errno)))); change its owner or "
                    + "give another one with --data")
        }
    }
}
