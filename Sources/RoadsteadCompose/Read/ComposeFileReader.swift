import Foundation

/// Gives the contents of files that a Compose file names. May block: not for the cooperative pool of a server.
public protocol ComposeFileReader: Sendable {
    /// The bytes of the file at `path`; throws `ComposeFileError` when there are none to be had.
    func read(_ path: String) throws -> [UInt8]
}

/// Why the contents of a file could not be had.
public struct ComposeFileError: Error, Hashable, Sendable, CustomStringConvertible {
    public var path: String
    public var reason: String
    /// There is no such file, as against one that cannot be read.
    public var isMissing: Bool

    public init(path: String, reason: String, isMissing: Bool = false) {
        self.path = path
        self.reason = reason
        self.isMissing = isMissing
    }

    public var description: String { "cannot read \(path): \(reason)" }
}

/// Reads from the disk, at most `limit` bytes a file: Swarm takes no larger config anyway.
public struct DiskFileReader: ComposeFileReader {
    public static let limit = 2 << 20

    public init() {}

    public func read(_ path: String) throws -> [UInt8] {
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            let data = try handle.read(upToCount: Self.limit + 1) ?? Data()
            guard data.count <= Self.limit else {
                throw ComposeFileError(path: path, reason: "it is larger than \(Self.limit) bytes")
            }
            return [UInt8](data)
        } catch let error as ComposeFileError {
            throw error
        } catch {
            let isMissing = !FileManager.default.fileExists(atPath: path)
            throw ComposeFileError(path: path, reason: Self.reason(error, path: path), isMissing: isMissing)
        }
    }

    private static func reason(_ error: any Error, path: String) -> String {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            return "no such file or directory"
        }
        if isDirectory.boolValue { return "it is a directory" }
        return FileManager.default.isReadableFile(atPath: path) ? "it cannot be read" : "permission denied"
    }
}

/// Files that came with an application instead of lying on a disk.
public struct MemoryFileReader: ComposeFileReader {
    private let files: [String: [UInt8]]

    /// Contents by path. Paths are compared after cleaning, with and without a leading slash alike, so `conf/app.ini`,
    /// `./conf/app.ini` and `/conf/app.ini` are one file.
    public init(files: [String: [UInt8]]) {
        self.files = Dictionary(
            files.map { (Self.key($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    public func read(_ path: String) throws -> [UInt8] {
        guard let bytes = files[Self.key(path)] else {
            throw ComposeFileError(path: path, reason: "the application has no such file", isMissing: true)
        }
        return bytes
    }

    private static func key(_ path: String) -> String {
        let clean = FilePath.clean(path)
        return String(clean.drop { $0 == "/" })
    }
}
