import Foundation
import RoadsteadBasics

/// A program `docker-credential-<name>` that keeps logins (docker/docker-credential-helpers: `get` reads a registry on
/// standard input and answers `{"ServerURL","Username","Secret"}`).
enum CredentialHelper {
    /// nil when the helper knows no login there. Throws unavailable when it is not installed or fails.
    static func login(_ name: String, registry: String) async throws -> DockerConfigFile.Login? {
        guard name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }) else {
            throw RoadsteadError(.invalidInput, "credential helper '\(name)' in docker's config.json is not a name")
        }
        let (status, output) = try await BlockingWork.run { try run(name, DockerConfigFile.helperKey(registry)) }
        return try login(status: status, output: output, helper: name, registry: registry)
    }

    static func login(
        status: Int32, output: [UInt8], helper: String, registry: String
    ) throws(RoadsteadError) -> DockerConfigFile.Login? {
        guard status == 0 else {
            let text = String(decoding: output.prefix(300), as: UTF8.self).trimmingCharacters(
                in: .whitespacesAndNewlines)
            // The one failure that the helpers' protocol gives fixed words.
            if text.contains("credentials not found") { return nil }
            throw RoadsteadError(
                .unavailable,
                "docker-credential-\(helper) has no login for \(registry): \(text.isEmpty ? "it failed" : text)")
        }
        guard let answer = (try? JSONValue.parse(output))?.objectValue, let secret = answer["Secret"]?.stringValue
        else {
            throw RoadsteadError(
                .unavailable, "docker-credential-\(helper) did not answer with a login for \(registry)")
        }
        let user = answer.text("Username")
        guard user == "<token>" else {
            return DockerConfigFile.Login(username: user, password: Redacted(secret))
        }
        return DockerConfigFile.Login(username: "", password: Redacted(""), identityToken: Redacted(secret))
    }

    /// A write to a helper that is gone must fail, and not end this process.
    private static let ignoringBrokenPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

    private static func run(_ name: String, _ key: String) throws -> (Int32, [UInt8]) {
        ignoringBrokenPipes
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["docker-credential-" + name, "get"]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        // A helper that is missing, or that needs no input, may be gone already: its status tells, not the broken pipe.
        try? input.fileHandleForWriting.write(contentsOf: Data(key.utf8))
        try? input.fileHandleForWriting.close()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus != 127 else {
            throw RoadsteadError(
                .unavailable, "docker-credential-\(name), which docker's config.json names, is not installed")
        }
        return (process.terminationStatus, Array(data))
    }
}
