import Crypto
import Foundation
import RoadsteadBasics

#if canImport(Glibc)
    import Glibc
#endif

/// The 32 bytes that seal every secret of a store. They are kept outside the database: whoever has the file alone, or a
/// backup of it, reads no secret.
public struct SealingKey: Sendable {
    /// The variable that may hold the key, in base64, instead of a file.
    public static let environmentName = "ROADSTEAD_KEY"
    public static let size = 32

    let key: SymmetricKey

    /// Throws invalidInput unless there are 32 bytes.
    public init(bytes: [UInt8]) throws {
        guard bytes.count == Self.size else {
            throw RoadsteadError(.invalidInput, "a sealing key has \(Self.size) bytes, this one \(bytes.count)")
        }
        key = SymmetricKey(data: bytes)
    }

    public static func random(ids: any IDSource = SystemIDSource()) throws -> SealingKey {
        try SealingKey(bytes: ids.makeRandomBytes(size))
    }

    /// The key of the environment where it is set, else that of the file, which is made when it is missing.
    ///
    /// Throws forbidden when group or others may read the file, invalidInput when either holds no key.
    public static func obtain(
        environment: [String: String], file path: String, ids: any IDSource = SystemIDSource()
    ) throws -> SealingKey {
        if let text = environment[environmentName], !text.isEmpty {
            return try decode(text, source: "the environment variable \(environmentName)")
        }
        return try fromFile(path, ids: ids)
    }

    /// The key of the file, which is made with mode 0600 when it is missing.
    public static func fromFile(_ path: String, ids: any IDSource = SystemIDSource()) throws -> SealingKey {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw unreadable(path, errno) }
            return try make(path, ids: ids)
        }
        defer { close(descriptor) }
        try checkMode(descriptor, path: path)
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw unreadable(path, errno) }
        return try decode(String(decoding: bytes[..<count], as: UTF8.self), source: path)
    }

    private static func make(_ path: String, ids: any IDSource) throws -> SealingKey {
        let bytes = ids.makeRandomBytes(size)
        // O_EXCL: two servers that start at once must not overwrite each other's key.
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw unreadable(path, errno) }
        defer { close(descriptor) }
        let text = Array((Data(bytes).base64EncodedString() + "\n").utf8)
        guard write(descriptor, text, text.count) == text.count, fsync(descriptor) == 0 else {
            let code = errno
            unlink(path)
            throw unreadable(path, code)
        }
        return try SealingKey(bytes: bytes)
    }

    private static func checkMode(_ descriptor: Int32, path: String) throws {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(path, errno) }
        guard status.st_mode & 0o077 == 0 else {
            throw RoadsteadError(
                .forbidden, "the key file \(path) may be read by others than its owner; run: chmod 600 \(path)")
        }
    }

    private static func decode(_ text: String, source: String) throws -> SealingKey {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let data = Data(base64Encoded: trimmed), data.count == size else {
            throw RoadsteadError(
                .invalidInput,
                "\(source) holds no sealing key; it must be \(size) bytes in base64 (openssl rand -base64 32)")
        }
        return try SealingKey(bytes: Array(data))
    }

    private static func unreadable(_ path: String, _ code: Int32) -> RoadsteadError {
        RoadsteadError(
            .unavailable,
            "the key file \(path) cannot be used (\(String(cString: strerror(code)))); check its directory")
    }
}
