import Foundation
import RoadsteadBasics
import Testing

@testable import RoadsteadCLI

@Suite struct DockerContextTests {
    private let cluster = ResourceID(type: "cluster", identifier: "c1")
    private let access = EngineAccess(
        endpoint: "https://10.0.0.1:2376", authority: "CA", certificate: "CERT", key: Redacted("KEY"))

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test("it lies where docker looks, named by the SHA-256 of its name, and its certificates are private")
    func files() throws {
        let folder = try TemporaryFolder()
        let store = DockerContext.store(["DOCKER_CONFIG": folder.path])
        #expect(store == folder.path + "/contexts")
        try DockerContext(name: "tst", cluster: cluster, clusterName: "prod", host: access.dockerHost).write(
            access, to: store)
        // As `docker context create tst` names its folders.
        let id = "05d5c1b6280baf2e3763f17828cfe0022693d7df18203cbb120c41a192a3783c"
        let meta = try JSONValue.parse(try String(contentsOfFile: "\(store)/meta/\(id)/meta.json", encoding: .utf8))
        #expect(meta["Name"] == "tst")
        #expect(meta["Endpoints"] == ["docker": ["Host": "tcp://10.0.0.1:2376", "SkipTLSVerify": false]])
        for (name, text) in [("ca", "CA"), ("cert", "CERT"), ("key", "KEY")] {
            let path = "\(store)/tls/\(id)/docker/\(name).pem"
            #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
            #expect(try mode(path) == 0o600)
        }
        #expect(try mode("\(store)/tls/\(id)/docker") == 0o700)
        #expect(!String(describing: access).contains("KEY"))
    }

    @Test("the same cluster's context is written anew, another's of that name is left alone")
    func others() throws {
        let folder = try TemporaryFolder()
        var context = DockerContext(name: "tst", cluster: cluster, clusterName: "prod", host: "tcp://10.0.0.1:2376")
        try context.write(access, to: folder.path)
        context.host = "tcp://10.0.0.2:2376"
        try context.write(access, to: folder.path)
        context.cluster = ResourceID(type: "cluster", identifier: "c2")
        #expect(code { try context.write(access, to: folder.path) } == .conflict)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/meta")
        let meta = try String(contentsOfFile: "\(folder.path)/meta/\(names[0])/meta.json", encoding: .utf8)
        #expect(meta.contains("10.0.0.2") && names.count == 1)
    }

    @Test("the contexts of a cluster that is gone go by all their names, but not the one in use, and no other's")
    func removed() throws {
        let folder = try TemporaryFolder()
        let store = folder.path + "/contexts"
        for (name, id) in [
            ("a", cluster), ("b", cluster), ("used", cluster), ("c", ResourceID(type: "cluster", identifier: "c2")),
        ] {
            try DockerContext(name: name, cluster: id, clusterName: "prod", host: "tcp://h:2376").write(
                access, to: store)
        }
        try folder.write("config.json", #"{"currentContext":"used"}"#)
        #expect(DockerContext.remove(of: cluster, from: store) == ["a", "b"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: store + "/meta").count == 2)
        #expect(try FileManager.default.contentsOfDirectory(atPath: store + "/tls").count == 2)
        #expect(DockerContext.remove(of: cluster, from: folder.path + "/none") == [])
    }

    @Test("names that docker would not take are refused", arguments: ["default", "a b", "../x", "", "-x", "a/b"])
    func names(_ name: String) { #expect(!DockerContext.isName(name)) }

    @Test("certificates are used again for a month, unless the cluster's authority is another by now")
    func kept() throws {
        let folder = try TemporaryFolder()
        #expect(!EngineAccessFolder.isGood(folder.path, authority: "CA", now: Date()))
        try access.write(to: folder.path)
        #expect(EngineAccessFolder.isGood(folder.path, authority: "CA\n", now: Date()))
        #expect(!EngineAccessFolder.isGood(folder.path, authority: "OTHER", now: Date()))
        #expect(!EngineAccessFolder.isGood(folder.path, authority: "CA", now: Date(timeIntervalSinceNow: 31 * 86_400)))
        let path = EngineAccessFolder.path(of: cluster, ["XDG_CONFIG_HOME": "/x"])
        #expect(path == "/x/roadstead/engines/c1")
    }
}
