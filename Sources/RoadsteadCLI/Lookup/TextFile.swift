import Foundation
import RoadsteadBasics

/// Files that a command line names.
enum TextFile {
    /// Bytes of a file, at most; larger ones are refused, since a server's documents are capped too.
    static let maximumSize = 1 << 20

    static func read(_ path: String) throws(RoadsteadError) -> String {
        let bytes = try readBytes(path)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw RoadsteadError(.invalidInput, "\(path) is not a text in UTF-8")
        }
        return text
    }

    /// The whole standard input, for `-`.
    static func readInput() async throws -> String {
        let data = try await BlockingWork.run {
            try FileHandle.standardInput.read(upToCount: maximumSize + 1) ?? Data()
        }
        guard data.count <= maximumSize else {
            throw RoadsteadError(.invalidInput, "standard input is larger than \(maximumSize >> 20) MiB")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw RoadsteadError(.invalidInput, "standard input is not a text in UTF-8")
        }
        return text
    }

    static func readBytes(_ path: String) throws(RoadsteadError) -> [UInt8] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw RoadsteadError(.invalidInput, "there is no file \(path)")
        }
        guard !isFolder.boolValue else { throw RoadsteadError(.invalidInput, "\(path) is a folder, not a file") }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw RoadsteadError(.invalidInput, "cannot read \(path): look at its owner and mode")
        }
        defer { try? handle.close() }
        do {
            let data = try handle.read(upToCount: maximumSize + 1) ?? Data()
            guard data.count <= maximumSize else {
                throw RoadsteadError(.invalidInput, "\(path) is larger than \(maximumSize >> 20) MiB")
            }
            return Array(data)
        } catch let error as RoadsteadError {
            throw error
        } catch { throw RoadsteadError(.invalidInput, "cannot read \(path)", cause: error) }
    }
}
