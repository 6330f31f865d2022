import Foundation
import NIOHTTP1
import RoadsteadBasics
import RoadsteadControl
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

    @Test("who may register services on this machine is said by one of two words, administrators without any")
    func localEndpoints() throws {
        let policy = { (word: String?) in
            var environment: [String: String] = [:]
            environment["ROADSTEAD_LOCAL_ENDPOINTS"] = word
            return try ServerConfiguration(dataDirectory: "/d", listen: ":80", environment: environment).localEndpoints
        }
        #expect(try policy(nil) == .administrators && policy("") == .administrators)
        #expect(try policy("administrators") == .administrators && policy("everybody") == .everybody)
        let error = #expect(throws: RoadsteadError.self) { _ = try policy("yes") }
        #expect(error?.message.contains("'yes'") == true && error?.message.contains("everybody") == true)
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
        let all = try ServerConfiguration(dataDirectory: nil, listen: ":80", environment: ["HOME": "/h"])
        #expect(all.host == "0.0.0.0" && all.port == 80)
        #expect(all.dataDirectory == "/h/.local/share/roadstead")
        let six = try ServerConfiguration(dataDirectory: "/d", listen: "[::1]:80", environment: [:])
        #expect(six.host == "::1" && six.dataDirectory == "/d")
        let name = try ServerConfiguration(dataDirectory: "/d", listen: "h:80", environment: [:])
        #expect(name.host == "h" && name.port == 80)
        #expect(ServerConfiguration.defaultDataDirectory(["HOME": "/h", "XDG_DATA_HOME": "/x"]) == "/x/roadstead")
    }

    @Test("the data directory is its owner's alone, and the key in it too")
    func modes() async throws {
        try await TestServer.run { server in
            let mode = { (path: String) in
                try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            }
            let mode1 = try mode(server.directory)
            #expect(mode1 == 0o700)
            let mode2 = try mode(server.directory + "/roadstead.key")
            #expect(mode2 == 0o600)
            let mode3 = try mode(server.directory + "/roadstead.sqlite")
            #expect(mode3 == 0o600)
        }
    }
}
