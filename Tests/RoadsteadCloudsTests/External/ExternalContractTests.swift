import Foundation
import RoadsteadBasics
import RoadsteadClouds
import Testing

/// The example in Python is a driver like any other, and so is the protocol it speaks.
@Suite("Cloud driver contract: a program of somebody else's")
struct ExternalContractTests {
    @Test("holds", arguments: CloudDriverContract.claims(for: .folder))
    func folderHolds(_ contract: CloudDriverContract) async throws { try await contract.check(.folder) }

    @Test("the program tells its name and what it can do")
    func tellsItself() async throws {
        try await Folder.with { folder in
            let driver = try await ExternalDriver(folder.program(key: "right"))
            #expect(driver.name == "folder" && driver.features == CloudUnderTest.folder.features)
            await driver.shutdown()
        }
    }

    @Test("a setting that the program does not take is its own error, by its code")
    func refusesSettings() async throws {
        try await Folder.with { folder in
            var program = folder.program(key: "right")
            program.settings = [:]
            let error = await #expect(throws: CloudError.self) { _ = try await ExternalDriver(program) }
            #expect(error?.code == .invalidRequest && error?.message.contains("'folder'") == true)
        }
    }

    @Test("after the program was killed the next call starts it again, and nothing is lost")
    func startsAgain() async throws {
        try await Folder.with { folder in
            var program = folder.program(key: "right")
            // Its input ends after one call behind the greeting, and so does it.
            program.arguments = ["-c", "sed -u 2q | \"$0\"", program.path]
            program.path = "/bin/sh"
            let driver = try await ExternalDriver(program)
            let tag = CloudTag(cluster: "c", token: "t", name: "n")
            let made = try await driver.make(.placement, tag: tag)
            for _ in 0..<3 {
                let listed = try await Self.again { try await driver.resources(of: "c") }
                #expect(listed.map(\.reference) == [made.reference])
            }
            await driver.shutdown()
        }
    }

    /// A call that falls into the program's end is answered `unavailable`, and may be asked again.
    private static func again<Value>(_ body: () async throws -> Value) async throws -> Value {
        for _ in 0..<100 {
            do { return try await body() } catch let error as CloudError { #expect(error.code == .unavailable) }
        }
        return try await body()
    }
}

/// A folder that the example takes for a cloud.
struct Folder: Sendable {
    let url: URL

    static func with(_ body: (Folder) async throws -> Void) async throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "cloud-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        try Data("right".utf8).write(to: url.appending(path: "account.key"))
        try await body(Folder(url: url))
    }

    func program(key: String) -> ExternalProgram {
        let example = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Examples/driver/folder-driver")
        return ExternalProgram(
            path: example.path, settings: ["folder": .string(url.path), "boot-seconds": 0.05],
            secrets: ["key": Redacted(key)])
    }
}

extension CloudUnderTest {
    static let folder = CloudUnderTest(
        name: "folder", features: [.network, .firewall, .key, .placement, .power], hasFaults: false
    ) { body in
        try await Folder.with { folder in
            let driver = try await ExternalDriver(folder.program(key: "right"))
            let stranger = try await ExternalDriver(folder.program(key: "wrong"))
            let backoff = Backoff(base: .milliseconds(10), cap: .milliseconds(50))
            let subject = CloudSubject(
                driver: driver, stranger: stranger,
                machine: MachineRequest(size: "small", image: "debian-12", zone: "shelf-1"),
                patience: CloudPatience(poll: .milliseconds(10), backoff: backoff, limit: .seconds(60)))
            let result = await Result { try await body(subject) }
            await driver.shutdown()
            await stranger.shutdown()
            try result.get()
        }
    }
}

extension Result where Failure == any Error {
    init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
