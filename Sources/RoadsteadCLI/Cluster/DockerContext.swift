import Crypto
import Foundation
import RoadsteadBasics

/// A context of the docker command line for a cluster, in docker's own store (cli/context/store: `contexts/meta/ID/meta.json`
/// and `contexts/tls/ID/docker/*.pem`, where ID is the SHA-256 of the name).
struct DockerContext: Sendable {
    var name: String
    /// Id of the cluster; by it a context of ours is known.
    var cluster: ResourceID
    /// What people call the cluster.
    var clusterName: String
    /// `tcp://ADDRESS:2376`.
    var host: String

    /// `$DOCKER_CONFIG/contexts`, else below `~/.docker`.
    static func store(_ environment: [String: String]) -> String {
        (DockerConfigFile.path(environment) as NSString).deletingLastPathComponent + "/contexts"
    }

    /// docker's own rule for names; `default` is one that it keeps for itself.
    static func isName(_ text: String) -> Bool {
        text.wholeMatch(of: /[a-zA-Z0-9][a-zA-Z0-9_.+-]+/) != nil && text != "default"
    }

    private var identifier: String { Hexadecimal.text(Array(SHA256.hash(data: Data(name.utf8)))) }

    /// Behind the name, which may change.
    private var mark: String { "(\(cluster))" }

    var meta: JSONObject {
        [
            "Name": .string(name), "Metadata": ["Description": .string("Roadstead cluster \(clusterName) \(mark)")],
            "Endpoints": ["docker": ["Host": .string(host), "SkipTLSVerify": false]],
        ]
    }

    /// Throws conflict when there is a context of that name which is not of this cluster.
    func write(_ access: EngineAccess, to store: String) throws {
        try refuseOthers(store)
        try access.write(to: "\(store)/tls/\(identifier)/docker")
        let folder = "\(store)/meta/\(identifier)"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let draft = folder + "/.meta.json.\(ProcessInfo.processInfo.processIdentifier)"
            try PrivateFile.write(JSONValue.object(meta).serialized(), to: draft)
            guard rename(draft, folder + "/meta.json") == 0 else { throw RoadsteadError(.unavailable, "rename") }
        } catch {
            throw RoadsteadError(
                .unavailable, "cannot write to \(folder): is the disk full, or the folder not yours?", cause: error)
        }
    }

    private func refuseOthers(_ store: String) throws(RoadsteadError) {
        let path = "\(store)/meta/\(identifier)/meta.json"
        guard let data = FileManager.default.contents(atPath: path) else { return }
        let description = (try? JSONValue.parse(data))?["Metadata"]?["Description"]?.stringValue
        guard description?.hasSuffix(mark) != true else { return }
        throw RoadsteadError(
            .conflict,
            "docker has a context '\(name)' that is not of this cluster: take another by --name, or `docker context rm \(name)`"
        )
    }

    /// Removes the contexts of a cluster that is gone, under whatever names, and answers these. The one that docker uses at
    /// present stays: without it docker would do nothing at all any more.
    static func remove(of cluster: ResourceID, from store: String) -> [String] {
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: store + "/meta")) ?? []
        let config = FileManager.default.contents(
            atPath: (store as NSString).deletingLastPathComponent + "/config.json")
        let current = config.flatMap { try? JSONValue.parse($0) }?["currentContext"]?.stringValue
        return folders.compactMap { folder in
            let meta = FileManager.default.contents(atPath: "\(store)/meta/\(folder)/meta.json").flatMap {
                try? JSONValue.parse($0)
            }
            guard let name = meta?["Name"]?.stringValue, name != current,
                meta?["Metadata"]?["Description"]?.stringValue?.hasSuffix("(\(cluster))") == true
            else { return nil }
            for kind in ["tls", "meta"] { try? FileManager.default.removeItem(atPath: "\(store)/\(kind)/\(folder)") }
            return name
        }.sorted()
    }
}
