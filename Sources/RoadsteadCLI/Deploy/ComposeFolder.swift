import Foundation
import RoadsteadBasics

/// The folder that a command works on as docker compose would: its Compose file, and the name that it gives to things.
enum ComposeFolder {
    /// The names that Compose files have, the preferred one first.
    static let fileNames = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"]

    /// The Compose file in `folder`; nil when there is none.
    static func file(in folder: String = ".") -> String? {
        let found = fileNames.first { FileManager.default.fileExists(atPath: folder + "/" + $0) }
        return found.map { folder == "." ? $0 : folder + "/" + $0 }
    }

    private static let overrideNames = [
        "compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml",
    ]

    /// The Compose file in `folder`, and the override that lies beside it; empty when there is none.
    static func files(in folder: String = ".") -> [String] {
        guard let file = file(in: folder) else { return [] }
        let found = overrideNames.first { FileManager.default.fileExists(atPath: folder + "/" + $0) }
        return [file] + (found.map { [folder == "." ? $0 : folder + "/" + $0] } ?? [])
    }

    /// What `-f A -f B` means, as for docker compose: those files; of a folder that is named alone its own; without any
    /// those of `COMPOSE_FILE`, or those of this folder. Empty when there are none. Throws as `resolved` does.
    static func files(_ named: [String], _ environment: [String: String]) throws(RoadsteadError) -> [String] {
        if named.count == 1 {
            let file = try resolved(named[0])
            let folder = (file as NSString).deletingLastPathComponent
            return file == named[0] ? named : files(in: folder.isEmpty ? "." : folder)
        }
        if !named.isEmpty { return try named.map { name throws(RoadsteadError) in try resolved(name) } }
        guard let list = environment["COMPOSE_FILE"], !list.isEmpty else { return files() }
        let separator = environment["COMPOSE_PATH_SEPARATOR"]?.first ?? ":"
        return list.split(separator: separator).map(String.init)
    }

    /// What `-f` means: a file, `-`, or a folder with a Compose file in it. Throws invalidInput for a folder without one.
    static func resolved(_ path: String) throws(RoadsteadError) -> String {
        var isFolder: ObjCBool = false
        guard path != "-", FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
        else { return path }
        let folder = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        guard let file = file(in: folder) else {
            throw RoadsteadError(
                .invalidInput,
                "there is no Compose file in \(path): it would be called \(fileNames.joined(separator: ", "))")
        }
        return file
    }

    /// The name of the file's folder, as docker compose names projects.
    static func name(of file: String) -> String {
        let current = FileManager.default.currentDirectoryPath
        let absolute = file == "-" ? current + "/x" : file.hasPrefix("/") ? file : current + "/" + file
        let folder = ((absolute as NSString).standardizingPath as NSString).deletingLastPathComponent
        return ApplicationStore.projectName((folder as NSString).lastPathComponent)
    }
}
