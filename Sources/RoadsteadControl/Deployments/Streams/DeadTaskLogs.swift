import Foundation
import NIOPosix
import RoadsteadBasics

/// The last lines of tasks that died while they were watched: the engine forgets them with the container, which is just
/// when people ask. A bounded file for each deployment, beside the database, for its owner alone (0600).
public actor DeadTaskLogs {
    /// Bytes of one deployment's file; the older half goes when it is full.
    static let limit = 256 << 10
    /// Lines of one task.
    static let lines = 100
    /// Characters of one line.
    static let longestLine = 2000

    /// nil: only in memory, as a store without a file.
    private let folder: String?
    private var memory: [ResourceID: [UInt8]] = [:]

    public init(folder: String?) { self.folder = folder }

    /// In the folder of the database.
    public init(database: String) {
        let url = URL(filePath: database).deletingLastPathComponent().appending(path: "task-logs")
        folder = database == ":memory:" ? nil : url.path
    }

    /// Oldest first.
    func lines(of deployment: ResourceID) async -> [LogLine] {
        let bytes = await read(deployment)
        return bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            (try? JSONValue.parse(Array(line))).flatMap { LogLine(json: $0) }
        }
    }

    /// Whether there are lines of that task.
    func holds(_ task: String, of deployment: ResourceID) async -> Bool {
        await lines(of: deployment).contains { $0.task == task }
    }

    /// A file that cannot be written costs the lines, nothing else.
    func add(_ lines: [LogLine], of deployment: ResourceID) async {
        guard !lines.isEmpty else { return }
        var bytes = await read(deployment)
        for line in lines.suffix(Self.lines) {
            var line = line
            line.text = String(line.text.prefix(Self.longestLine))
            bytes += line.json.serialized() + [UInt8(ascii: "\n")]
        }
        await write(Self.cut(bytes), deployment)
    }

    public func forget(_ deployment: ResourceID) async {
        memory[deployment] = nil
        guard let path = path(deployment) else { return }
        _ = try? await NIOThreadPool.singleton.runIfActive { try FileManager.default.removeItem(atPath: path) }
    }

    /// Whole lines of the newer half.
    static func cut(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.count > limit else { return bytes }
        let half = bytes.suffix(limit / 2)
        guard let end = half.firstIndex(of: UInt8(ascii: "\n")) else { return [] }
        return Array(half[(end + 1)...])
    }

    // MARK: - Files

    private func path(_ deployment: ResourceID) -> String? { folder.map { "\($0)/\(deployment.identifier).jsonl" } }

    private func read(_ deployment: ResourceID) async -> [UInt8] {
        guard let path = path(deployment) else { return memory[deployment] ?? [] }
        let data = try? await NIOThreadPool.singleton.runIfActive { FileManager.default.contents(atPath: path) }
        return data.flatMap { $0 }.map { Array($0) } ?? []
    }

    private func write(_ bytes: [UInt8], _ deployment: ResourceID) async {
        guard let folder, let path = path(deployment) else {
            memory[deployment] = bytes
            return
        }
        _ = try? await NIOThreadPool.singleton.runIfActive {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            _ = FileManager.default.createFile(
                atPath: path, contents: Data(bytes), attributes: [.posixPermissions: 0o600])
        }
    }
}
