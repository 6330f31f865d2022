import Foundation
import RoadsteadBasics
import RoadsteadServer
import RoadsteadTestKit
import Testing

/// A server that cannot start says why and what to do, and harms nothing.
@Suite struct ServerStartTests {
    private func refusal(_ configuration: ServerConfiguration) async -> RoadsteadError? {
        do {
            try await TestServer.run(configuration) { _ in }
            return nil
        } catch { return error as? RoadsteadError }
    }

    @Test("a port that is taken is named")
    func portTaken() async throws {
        try await TestServer.run { server in
            try await TemporaryDirectory.run { folder in
                let configuration = try TestServer.configuration(
                    folder.file("other"), listen: "127.0.0.1:\(server.port)")
                let error = await refusal(configuration)
                #expect(error?.code == .unavailable)
                #expect(error?.message.contains("127.0.0.1:\(server.port) is already taken") == true)
                #expect(error?.message.contains("--listen") == true)
            }
        }
    }

    @Test("data that another server works on is left alone")
    func dataTaken() async throws {
        try await TestServer.run { server in
            let error = await refusal(try TestServer.configuration(server.directory))
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains(server.directory) == true)
            #expect(try await server.send(.GET, "/ready").status == 200)
        }
    }

    @Test("a data directory that cannot be made is named")
    func noDirectory() async throws {
        try await TemporaryDirectory.run { folder in
            try "a file".write(toFile: folder.file("file"), atomically: true, encoding: .utf8)
            let error = await refusal(try TestServer.configuration(folder.file("file") + "/data"))
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains(folder.file("file") + "/data") == true)
        }
    }

    @Test("an address that is not this machine's is named")
    func foreignAddress() async throws {
        try await TemporaryDirectory.run { folder in
            let error = await refusal(try TestServer.configuration(folder.file("data"), listen: "192.0.2.1:0"))
            #expect(error?.message.contains("192.0.2.1 is no address of this machine") == true)
        }
    }

    @Test(
        "what is no address to listen on is refused", arguments: ["8420", "localhost", "h:", "h:x", "h:70000", "h:-1"])
    func badListen(_ listen: String) {
        #expect(throws: RoadsteadError.self) {
            try ServerConfiguration(dataDirectory: nil, listen: listen, environment: [:])
        }
    }

    @Test("addresses and the default directory are read as people write them")
    func configuration() throws {
        let read = { (listen: String) in
            try ServerConfiguration(dataDirectory: nil, listen: listen, environment: ["HOME": "/h"])
        }
        #expect(try read(":80").host == "0.0.0.0" && read("[::1]:80").host == "::1" && read("h:80").port == 80)
        #expect(try read("h:1").dataDirectory == "/h/.local/share/roadstead")
        #expect(ServerConfiguration.defaultDataDirectory(["HOME": "/h", "XDG_DATA_HOME": "/x"]) == "/x/roadstead")
    }

    @Test("the data directory is its owner's alone, and the key in it too")
    func modes() async throws {
        try await TestServer.run { server in
            let mode = { (path: String) in
                try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            }
            #expect(try mode(server.directory) == 0o700)
            #expect(try mode(server.directory + "/roadstead.key") == 0o600)
            #expect(try mode(server.directory + "/roadstead.sqlite") == 0o600)
        }
    }
}
