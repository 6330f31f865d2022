import Foundation
import RoadsteadBasics

#if canImport(Glibc)
    import Glibc
#endif

/// Files that nobody else may read, that appear whole or not at all, and take no other file's place.
enum PrivateFile {
    static func refuseExisting(_ path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw RoadsteadError(.conflict, "\(path) exists already; choose another name or move it away")
        }
    }

    /// Lets `write` fill an empty file beside `path` and gives it that name when it is on the disk.
    static func make(_ path: String, _ write: (String) throws -> Void) throws {
        let partial = path + ".partial-\(getpid())"
        let descriptor = open(partial, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("cannot be made", partial) }
        defer {
            close(descriptor)
            unlink(partial)
        }
        try write(partial)
        guard fsync(descriptor) == 0 else { throw failure("cannot be brought to the disk", partial) }
        // Unlike a rename, a second name never replaces a file.
        guard link(partial, path) == 0 else {
            if errno == EEXIST { try refuseExisting(path) }
            throw failure("cannot be made", path)
        }
        syncDirectory(of: path)
    }

    /// Without it the file's name may be lost in a power cut; its content would still be there.
    private static func syncDirectory(of path: String) {
        let directory = open(URL(fileURLWithPath: path).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
        guard directory >= 0 else { return }
        fsync(directory)
        close(directory)
    }

    private static func failure(_ what: String, _ path: String) -> RoadsteadError {
        let reason = String(cString: strerror(errno))
        return RoadsteadError(
            .unavailable, "\(path) \(what) (\(reason)); check its directory and the space on the disk")
    }
}
