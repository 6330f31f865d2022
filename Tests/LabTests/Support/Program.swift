import Foundation
import RoadsteadBasics
import RoadsteadTestKit

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

    /// Runs a program to its end, and kills it when that takes longer than `timeout`.
    static func run(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], input: String? = nil,
        directory: String? = nil, timeout: Duration = .seconds(180)
    ) async throws -> ProgramResult {
        try await TemporaryDirectory.run { folder in
            let process = make(path, arguments, environment, directory)
            let (output, errors) = (folder.file("out"), folder.file("err"))
            try process.redirect(input: input, output: output, errors: errors, in: folder)
            let ended = AsyncStream<Void>.makeStream()
            process.terminationHandler = { _ in ended.continuation.finish() }
            try process.run()
            let pid = process.processIdentifier
            try await withThrowingTaskGroup(of: Bool.self) { group in
                group.addTask {
                    for await _ in ended.stream {}
                    return true
                }
                group.addTask {
                    try await Task.sleep(for: timeout)
                    return false
                }
                if try await group.next() == false {
                    kill(pid, SIGKILL)
                    throw RoadsteadError(.timeout, "\(path) \(arguments) did not end within \(timeout)")
                }
                group.cancelAll()
            }
            process.waitUntilExit()
            return ProgramResult(
                status: process.terminationStatus, output: try String(contentsOfFile: output, encoding: .utf8),
                errors: try String(contentsOfFile: errors, encoding: .utf8))
        }
    }

    /// Variables of Docker are not handed on: a test says itself which engine it means.
    static func make(
        _ path: String, _ arguments: [String], _ environment: [String: String], _ directory: String?
    ) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("DOCKER_") }
            .merging(environment) { $1 }
        process.currentDirectoryURL = directory.map { URL(filePath: $0) }
        return process
    }
}

extension Process {
    /// Input from a 0600 file or from nowhere; output appended to files.
    func redirect(input: String?, output: String, errors: String, in folder: TemporaryDirectory) throws {
        standardOutput = try Self.appending(to: output)
        standardError = try Self.appending(to: errors)
        guard let input else {
            standardInput = FileHandle.nullDevice
            return
        }
        let path = folder.file("in")
        _ = FileManager.default.createFile(
            atPath: path, contents: Data(input.utf8), attributes: [.posixPermissions: 0o600])
        standardInput = try FileHandle(forReadingFrom: URL(filePath: path))
    }

    private static func appending(to path: String) throws -> FileHandle {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw RoadsteadError(.internal, "cannot open \(path)") }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }
}
