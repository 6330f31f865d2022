import Foundation
import NIOCore
import NIOPosix
import RoadsteadBasics

/// The files of a build, and the tar of them, made piece by piece while it is sent.
struct BuildContext: Sendable {
    struct Entry: Hashable, Sendable {
        var header: TarHeader
        /// nil when the contents are in `inline`, or there are none.
        var path: String?
        var inline: [UInt8] = []
    }

    private(set) var entries: [Entry]
    /// The Dockerfile's name in the tar.
    private(set) var dockerfile: String

    /// More than a context should hold; who has more forgot a `.dockerignore`.
    private static let entryLimit = 200_000

    /// Lists what is to be sent. Blocks: not for the cooperative pool. Throws invalidInput with the path of what cannot be read.
    static func scan(
        _ directory: String, dockerfile: String?, inlineDockerfile: String?
    ) throws(RoadsteadError) -> BuildContext {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw RoadsteadError(.invalidInput, "the build context \(directory) is no directory")
        }
        let ignored = FileManager.default.contents(atPath: directory + "/.dockerignore") ?? Data()
        var context = BuildContext(entries: [], dockerfile: dockerfile ?? "Dockerfile")
        let ignore = DockerIgnore(String(decoding: ignored, as: UTF8.self))
        try context.add("", of: directory, ignore)
        try context.placeDockerfile(in: directory, inline: inlineDockerfile)
        return context
    }

    private mutating func add(_ folder: String, of root: String, _ ignore: DockerIgnore) throws(RoadsteadError) {
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: root + "/" + folder).sorted() } catch {
            throw RoadsteadError(.invalidInput, "the directory \(root)/\(folder) of the build context cannot be read")
        }
        for name in names {
            let path = folder.isEmpty ? name : folder + "/" + name
            let isKept = !ignore.excludes(path)
            guard let header = Self.header(path, at: root + "/" + path) else { continue }
            if isKept { entries.append(Entry(header: header, path: root + "/" + path)) }
            guard entries.count <= Self.entryLimit else {
                throw RoadsteadError(
                    .limitExceeded,
                    "the build context \(root) has more than \(Self.entryLimit) files; name what to leave out "
                        + "in its .dockerignore")
            }
            if header.kind == .directory, isKept || ignore.hasExceptions { try add(path, of: root, ignore) }
        }
    }

    /// nil for what is neither file, directory nor symbolic link.
    private static func header(_ name: String, at path: String) -> TarHeader? {
        var info = stat()
        guard lstat(path, &info) == 0 else { return nil }
        let mode = Int(info.st_mode & 0o7777)
        let modified = Int(info.st_mtim.tv_sec)
        switch info.st_mode & S_IFMT {
        case S_IFREG:
            return TarHeader(name: name, kind: .file(size: Int(info.st_size)), mode: mode, modified: modified)
        case S_IFDIR: return TarHeader(name: name, kind: .directory, mode: mode, modified: modified)
        case S_IFLNK:
            guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else { return nil }
            return TarHeader(name: name, kind: .link(target: target), mode: mode, modified: modified)
        default: return nil
        }
    }

    /// A Dockerfile is sent whatever `.dockerignore` says, and under a name of its own when it is not in the context.
    private mutating func placeDockerfile(in directory: String, inline: String?) throws(RoadsteadError) {
        if let inline { return addDockerfile(Array(inline.utf8)) }
        let path = dockerfile.hasPrefix("/") ? dockerfile : directory + "/" + dockerfile
        let clean = URL(filePath: path).standardizedFileURL.path
        guard let contents = FileManager.default.contents(atPath: clean) else {
            throw RoadsteadError(.invalidInput, "the Dockerfile \(clean) cannot be read")
        }
        let prefix = URL(filePath: directory).standardizedFileURL.path + "/"
        if clean.hasPrefix(prefix) {
            dockerfile = String(clean.dropFirst(prefix.count))
            let name = dockerfile
            if entries.contains(where: { $0.header.name == name }) { return }
        }
        addDockerfile([UInt8](contents))
    }

    private mutating func addDockerfile(_ contents: [UInt8]) {
        dockerfile = ".dockerfile.roadstead"
        let header = TarHeader(name: dockerfile, kind: .file(size: contents.count), mode: 0o644, modified: 0)
        entries.append(Entry(header: header, inline: contents))
    }
}

// MARK: - The tar

extension BuildContext: AsyncSequence {
    /// Pieces of at most a mebibyte; files are read on threads of their own.
    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var entries: ArraySlice<Entry>
        fileprivate var file: OpenFile?
        fileprivate var isAtEnd = false

        fileprivate struct OpenFile: Sendable {
            var path: String
            var offset: Int
            var size: Int
        }

        mutating func next() async throws -> ByteBuffer? {
            if let file { return try await piece(of: file) }
            guard let entry = entries.popFirst() else {
                guard !isAtEnd else { return nil }
                isAtEnd = true
                return ByteBuffer(bytes: TarHeader.end)
            }
            var bytes = entry.header.bytes
            if case .file(let size) = entry.header.kind {
                if let path = entry.path, size > 0 {
                    file = OpenFile(path: path, offset: 0, size: size)
                } else {
                    bytes += entry.inline + TarHeader.padding(for: size)
                }
            }
            return ByteBuffer(bytes: bytes)
        }

        private static let pieceSize = 1 << 20

        private mutating func piece(of open: OpenFile) async throws -> ByteBuffer {
            let count = Swift.min(Self.pieceSize, open.size - open.offset)
            let bytes = try await NIOThreadPool.singleton.runIfActive {
                let handle = try FileHandle(forReadingFrom: URL(filePath: open.path))
                defer { try? handle.close() }
                try handle.seek(toOffset: UInt64(open.offset))
                return try handle.read(upToCount: count) ?? Data()
            }
            guard bytes.count == count else {
                throw RoadsteadError(.conflict, "\(open.path) changed while it was sent; build again")
            }
            var buffer = ByteBuffer(bytes: bytes)
            file?.offset += count
            if open.offset + count == open.size {
                buffer.writeBytes(TarHeader.padding(for: open.size))
                file = nil
            }
            return buffer
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(entries: entries[...]) }
}
