import Foundation
import RoadsteadBasics
import RoadsteadStore

/// A directory of its own for one test, removed when the test ends.
public struct TemporaryDirectory: Sendable {
    public let path: String

    /// Runs `body` with a fresh directory and removes it afterwards.
    public static func run<Value>(_ body: (TemporaryDirectory) async throws -> Value) async throws -> Value {
        let path = FileManager.default.temporaryDirectory.path + "/roadstead-test-" + UUID().uuidString.lowercased()
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await body(TemporaryDirectory(path: path))
    }

    public func file(_ name: String) -> String { path + "/" + name }
}

extension DocumentStore {
    /// An empty store in memory with a key of its own.
    public static func forTests(
        clock: any WallClock = FixedClock(), ids: any IDSource = SequenceIDs()
    ) async throws -> DocumentStore {
        try await inMemory(key: try SealingKey.random(), clock: clock, ids: ids)
    }
}
