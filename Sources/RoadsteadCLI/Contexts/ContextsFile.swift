import Foundation
import RoadsteadBasics

/// The servers that the user knows: `~/.config/roadstead/contexts.json`, readable by its owner only.
struct ContextsFile: Sendable {
    var current: String?
    var contexts: [String: ServerContext] = [:]

    /// `$XDG_CONFIG_HOME/roadstead/contexts.json`, else below `~/.config`.
    static func path(_ environment: [String: String]) -> String {
        let base = environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 }
        return (base ?? (environment["HOME"] ?? NSHomeDirectory()) + "/.config") + "/roadstead/contexts.json"
    }

    /// An absent file is an empty one. Throws invalidInput when it is not what we wrote, or others can read it.
    static func load(_ path: String) throws -> ContextsFile {
        guard FileManager.default.fileExists(atPath: path) else { return ContextsFile() }
        try refuseOpenToOthers(path)
        guard let data = FileManager.default.contents(atPath: path) else {
            throw RoadsteadError(.forbidden, "cannot read \(path): look at its owner and mode")
        }
        guard let object = (try? JSONValue.parse(data))?.objectValue else {
            throw RoadsteadError(.invalidInput, "\(path) is not JSON: correct it, or remove it and log in again")
        }
        return try ContextsFile(object)
    }

    private init() {}

    init(_ object: JSONObject) throws(RoadsteadError) {
        current = object["current"]?.stringValue
        for (name, value) in object["contexts"]?.objectValue?.members ?? [] {
            contexts[name] = try value.objectValue.map { value throws(RoadsteadError) in try ServerContext(value) }
        }
    }

    var object: JSONObject {
        var object = JSONObject()
        object["current"] = current.map(JSONValue.string)
        let members = contexts.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.object($0.value.object)) }
        object["contexts"] = .object(JSONObject(members))
        return object
    }

    /// Writes beside it and renames, so that a crash leaves the old file or the new one.
    func save(_ path: String) throws {
        let folder = (path as NSString).deletingLastPathComponent
        let draft = path + ".\(ProcessInfo.processInfo.processIdentifier)"
        let bytes = JSONValue.object(object).serialized(.pretty) + Array("\n".utf8)
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try PrivateFile.write(bytes, to: draft)
            guard rename(draft, path) == 0 else { throw RoadsteadError(.unavailable, "rename") }
        } catch {
            unlink(draft)
            throw RoadsteadError(
                .unavailable, "cannot write \(path): is the disk full, or the folder not yours?", cause: error)
        }
    }

    private static func refuseOpenToOthers(_ path: String) throws {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue ?? 0
        guard mode & 0o077 == 0 else {
            throw RoadsteadError(
                .forbidden, "others can read \(path), which holds your sessions: run `chmod 600 \(path)`")
        }
    }
}

/// Files that only their owner may read, from their first byte on.
enum PrivateFile {
    static func write(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw RoadsteadError(.unavailable, String(cString: strerror(errno))) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try handle.write(contentsOf: Data(bytes))
        try handle.synchronize()
        try handle.close()
    }
}
