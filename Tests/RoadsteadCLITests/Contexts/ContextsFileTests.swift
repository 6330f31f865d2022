import Foundation
import RoadsteadBasics
import RoadsteadClient
import Testing

@testable import RoadsteadCLI

@Suite struct ContextsFileTests {
    private func sample() throws -> ContextsFile {
        var context = ServerContext(server: try ServerAddress("https://a.example"))
        context.user = "ada"
        context.cookie = Redacted("token")
        context.expiry = Instant(rfc3339: "2026-11-29T12:00:00Z")
        context.apiKey = "credential/1"
        context.apiSecret = Redacted("s")
        context.certificateAuthorities = "PEM"
        var file = try ContextsFile.load("/nonexistent/contexts.json")
        file.contexts["a"] = context
        file.current = "a"
        return file
    }

    @Test("what is saved is what is loaded, in a file of mode 600 and a folder of mode 700")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/config/roadstead/contexts.json"
        try sample().save(path)
        let loaded = try ContextsFile.load(path)
        #expect(loaded.current == "a")
        #expect(try loaded.contexts == sample().contexts)
        #expect(try mode(path) == 0o600)
        #expect(try mode(folder.path + "/config/roadstead") == 0o700)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path + "/config/roadstead") == ["contexts.json"])
    }

    private func mode(_ path: String) throws -> Int? {
        (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
    }

    @Test("a file that others can read is refused with what to do")
    func open() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("contexts.json", "{}")
        chmod(path, 0o644)
        #expect(message { _ = try ContextsFile.load(path) }.contains("chmod 600"))
        chmod(path, 0o600)
        #expect(try ContextsFile.load(path).contexts.isEmpty)
    }

    @Test("a broken file is named")
    func broken() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("contexts.json", "{")
        chmod(path, 0o600)
        #expect(message { _ = try ContextsFile.load(path) }.contains(path))
    }

    @Test("no secret shows when a context is printed")
    func redacted() throws {
        let text = String(describing: try sample().contexts)
        #expect(!text.contains("token"))
    }

    @Test("a session counts until it expires")
    func expiry() throws {
        let context = try #require(sample().contexts["a"])
        #expect(context.hasSession(at: try #require(Instant(rfc3339: "2026-11-29T11:59:59Z"))))
        #expect(!context.hasSession(at: try #require(Instant(rfc3339: "2026-11-29T12:00:00Z"))))
    }

    @Test("the folder is XDG's, or below the home folder")
    func path() {
        #expect(ContextsFile.path(["XDG_CONFIG_HOME": "/x", "HOME": "/h"]) == "/x/roadstead/contexts.json")
        #expect(ContextsFile.path(["HOME": "/h"]) == "/h/.config/roadstead/contexts.json")
    }
}
