import Foundation
import HTTPCalls
import Logging

/// The process of a double of a cloud. It ends with this one because its input does.
public final class CloudDouble: Sendable {
    struct Missing: Error, CustomStringConvertible {
        let description = "the doubles of clouds are not there (.build/doubles); run Scripts/doubles"
    }

    /// `http://127.0.0.1:PORT`.
    public let endpoint: String
    private let caller: HTTPCaller
    private let input: Pipe

    /// `script`: a path within the repository; `environment`: beside that of this process.
    ///
    /// Throws `Missing` where `Scripts/doubles` was not run.
    public init(
        _ script: String, arguments: [String] = [], environment: [String: String] = [:]
    ) async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let python = root.appending(path: ".build/doubles/bin/python").path
        guard FileManager.default.isExecutableFile(atPath: python) else { throw Missing() }
        let file = FileManager.default.temporaryDirectory.appending(path: "double-\(UUID().uuidString)").path
        let process = Process()
        process.executableURL = URL(filePath: python)
        // No compiled modules among the sources.
        process.arguments = ["-B", root.appending(path: script).path, file] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        input = Pipe()
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        try await until("\(script) to listen") { FileManager.default.fileExists(atPath: file) }
        endpoint = "http://127.0.0.1:" + (try String(contentsOfFile: file, encoding: .utf8))
        try FileManager.default.removeItem(atPath: file)
        caller = try HTTPCaller(logger: Logger(label: "test"))
    }

    public func end() async {
        try? input.fileHandleForWriting.close()
        await caller.shutdown()
    }

    /// The next such call of this key goes wrong.
    public func inject(_ fault: String, _ action: String, key: String, seconds: Int64 = 0) async throws {
        _ = try await caller.send(
            "POST", "\(endpoint)/faults?key=\(key)&action=\(action)&fault=\(fault)&seconds=\(seconds)", body: [])
    }

    /// What the double tells at a path of its own.
    public func text(_ path: String) async throws -> String {
        String(decoding: try await caller.send("GET", endpoint + path).body, as: UTF8.self)
    }
}
