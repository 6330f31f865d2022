import Foundation
import RoadsteadBasics

#if canImport(Glibc)
    import Glibc
#endif

/// Holds a database for this process alone: an advisory lock (`flock`) on a file beside it, given up by the kernel when
/// the process ends in whatever way.
final class DataLock: Sendable {
    private let descriptor: Int32

    /// Throws unavailable when another process holds the database, naming its process id.
    init(database path: String) throws {
        descriptor = try Self.acquire(path + ".lock", for: path)
        writeHolder()
    }

    /// Apart from the initializer: one that throws with its property set runs `deinit` too, and a descriptor that is closed
    /// twice may be somebody else's the second time.
    private static func acquire(_ lockPath: String, for path: String) throws -> Int32 {
        let descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw RoadsteadError(
                .unavailable,
                "\(lockPath) cannot be written (\(reason)); check that the directory exists and belongs to this user")
        }
        guard take(descriptor) else {
            defer { close(descriptor) }
            let holder = holder(descriptor).map { " (process \($0))" } ?? ""
            throw RoadsteadError(
                .unavailable,
                "\(path) is in use by another Roadstead server\(holder); stop it, or choose another data directory")
        }
        return descriptor
    }

    /// Tries for half a second: a process that is about to end, or a child between its fork and its exec, which has this
    /// process's descriptors for that moment, gives the lock up by itself.
    private static func take(_ descriptor: Int32) -> Bool {
        for _ in 0..<10 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            usleep(50_000)
        }
        return flock(descriptor, LOCK_EX | LOCK_NB) == 0
    }

    deinit { close(descriptor) }

    private func writeHolder() {
        let text = Array("\(getpid())\n".utf8)
        // For people only: without it the message is shorter.
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
    }

    private static func holder(_ descriptor: Int32) -> Int? {
        var bytes = [UInt8](repeating: 0, count: 20)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return Int(String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}
