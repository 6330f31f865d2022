import Foundation
import RoadsteadBasics

/// What a program that ran to its end left behind.
struct ProgramResult: Sendable {
    var status: Int32
    var output: String
    var errors: String

    /// Both streams, for a failed expectation to show.
    var transcript: String { "exit \(status)\n\(output)\n\(errors)" }
}

/// Runs programs for tests without blocking the cooperative pool; output goes through files, so no full pipe can hang it.
enum Program {
    /// The debug binary that was built beside this test bundle.
    static let roadstead: String = {
        let bundle = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        return bundle.deletingLastPathComponent().appending(path: "roadstead").path
    }()

    /// The checkout, where `Lab/` is.
    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static func run(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], input: String? = nil,
        directory: URL? = nil, timeout: Duration = .seconds(180)
    ) async throws -> ProgramResult {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let process = try make(path, arguments, environment, directory)
        let (output, errors) = (folder.url.appending(path: "out"), folder.url.appending(path: "err"))
        try process.redirect(input: input, output: output, errors: errors, in: folder.url)
        let ended = AsyncStream<Void>.makeStream()
        process.terminationHandler = { _ in ended.continuation.finish() }
        try process.run()
        let pid = process.processIdentifier
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { for await _ in ended.stream {}; return true }
            group.addTask { try await Task.sleep(for: timeout); return false }
            if try await group.next() == false {
                kill(pid, SIGKILL)
                throw RoadsteadError(.timeout, "\(path) \(arguments.joined(separator: " ")) did not end within \(timeout)")
            }
            group.cancelAll()
        }
        process.waitUntilExit()
        return ProgramResult(
            status: process.terminationStatus, output: try String(contentsOf: output, encoding: .utf8),
            errors: try String(contentsOf: errors, encoding: .utf8))
    }

    static func make(
        _ path: String, _ arguments: [String], _ environment: [String: String], _ directory: URL?
    ) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("DOCKER_") }
            .merging(environment) { $1 }
        process.currentDirectoryURL = directory
        return process
    }
}

extension Process {
    func redirect(input: String?, output: URL, errors: URL, in folder: URL) throws {
        for file in [output, errors] where !FileManager.default.fileExists(atPath: file.path) {
            _ = FileManager.default.createFile(atPath: file.path, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        standardOutput = try FileHandle(forWritingTo: output)
        standardError = output == errors ? standardOutput : try FileHandle(forWritingTo: errors)
        guard let input else {
            standardInput = FileHandle.nullDevice
            return
        }
        let file = folder.appending(path: "in")
        _ = FileManager.default.createFile(
            atPath: file.path, contents: Data(input.utf8), attributes: [.posixPermissions: 0o600])
        standardInput = try FileHandle(forReadingFrom: file)
    }
}

/// A folder of one test, 0700, removed by it.
struct TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "roadstead-test-" + UUID().uuidString.lowercased())
        try FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    func remove() { try? FileManager.default.removeItem(at: url) }

    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        let file = url.appending(path: name)
        try text.write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }
}
