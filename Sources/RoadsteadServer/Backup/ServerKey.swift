import Foundation
import RoadsteadBasics
import RoadsteadStore

/// The sealing key of a data directory as a backup needs it: read and written, never made.
struct ServerKey {
    let path: String
    let environment: [String: String]

    /// The key's bytes; nil when there is none. Throws as `SealingKey` does for one that cannot be used.
    func find() throws -> Redacted<[UInt8]>? {
        let variable = environment[SealingKey.environmentName] ?? ""
        guard variable.isEmpty else { return try decoded(variable, source: SealingKey.environmentName) }
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        // Checks mode and content, and makes nothing, as the file is there.
        _ = try SealingKey.fromFile(path)
        return try decoded(try String(contentsOfFile: path, encoding: .utf8), source: path)
    }

    /// Writes the key's file (mode 0600). Throws conflict when there is one with another key.
    func write(_ key: Redacted<[UInt8]>) throws {
        if let held = try find() {
            guard held == key else { throw conflict }
            return
        }
        let text = Data(key.exposed).base64EncodedString() + "\n"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw RoadsteadError(.unavailable, "\(path) cannot be written (\(String(cString: strerror(errno))))")
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try handle.write(contentsOf: Data(text.utf8))
        try handle.synchronize()
        try handle.close()
    }

    /// Throws conflict when another key than `key` is there already.
    func refuseAnother(than key: Redacted<[UInt8]>) throws {
        if let held = try find(), held != key { throw conflict }
    }

    private var conflict: RoadsteadError {
        RoadsteadError(
            .conflict, "another key is in use here (\(path) or \(SealingKey.environmentName)); move it away first")
    }

    private func decoded(_ text: String, source: String) throws -> Redacted<[UInt8]> {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let data = Data(base64Encoded: trimmed), data.count == SealingKey.size else {
            throw RoadsteadError(.invalidInput, "\(source) holds no sealing key of \(SealingKey.size) bytes in base64")
        }
        return Redacted(Array(data))
    }
}
