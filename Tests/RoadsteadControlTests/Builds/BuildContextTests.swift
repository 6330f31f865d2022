import Foundation
import NIOCore
import RoadsteadBasics
import Testing

@testable import RoadsteadControl

@Suite struct BuildContextTests {
    @Test(
        "a pattern keeps out what docker's keeps out",
        arguments: [
            ("*.log", "a.log", true), ("*.log", "b/a.log", false), ("**/*.log", "b/c/a.log", true),
            ("b", "b/c/a", true),
            ("/b/", "b/c", true), ("b/*", "b/c/d", true), ("b/?", "b/cd", false), ("[a-c]x", "bx", true),
            ("[^a]x", "ax", false),
            ("*\n!a", "a", false), ("*\n!a", "b", true), ("a\n!a/b", "a/b", false), ("a\n!a/b", "a/c", true),
            ("# a\n\na", "# a", false),
            ("**", "x/y", true), ("a/**/z", "a/z", true), ("a/**/z", "a/b/c/z", true), ("\\*", "a", false),
            ("\\*", "*", true),
        ])
    func ignored(_ text: String, _ path: String, _ isOut: Bool) {
        #expect(DockerIgnore(text).excludes(path) == isOut)
    }

    @Test("the tar holds what tar itself reads: files, directories, links and long names")
    func tar() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let long = String(repeating: "d", count: 90) + "/" + String(repeating: "f", count: 90)
        try FileManager.default.createDirectory(
            atPath: folder + "/src/" + String(repeating: "d", count: 90), withIntermediateDirectories: true)
        for (name, text) in [
            ("Dockerfile", "FROM scratch"), (".dockerignore", "*.tmp\nDockerfile\n"), ("a.tmp", "x"), (long, "deep"),
            ("big", String(repeating: "b", count: 2_100_000)), ("empty", ""),
        ] { try Data(text.utf8).write(to: URL(filePath: folder + "/src/" + name)) }
        try FileManager.default.createSymbolicLink(atPath: folder + "/src/link", withDestinationPath: "big")
        let context = try BuildContext.scan(folder + "/src", dockerfile: nil, inlineDockerfile: nil)
        // It is kept out of the image's files, but the builder needs it.
        #expect(context.dockerfile == ".dockerfile.roadstead")
        var bytes = ByteBuffer()
        for try await piece in context { bytes.writeImmutableBuffer(piece) }
        try Data(bytes.readableBytesView).write(to: URL(filePath: folder + "/c.tar"))
        let tar = Process()
        tar.executableURL = URL(filePath: "/usr/bin/env")
        tar.arguments = ["tar", "-xf", folder + "/c.tar", "-C", folder, "--one-top-level=out"]
        try tar.run()
        tar.waitUntilExit()
        #expect(tar.terminationStatus == 0)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/out").sorted()
        #expect(
            names == [
                ".dockerfile.roadstead", ".dockerignore", "big", String(repeating: "d", count: 90), "empty", "link",
            ])
        #expect(try String(contentsOfFile: folder + "/out/" + long, encoding: .utf8) == "deep")
        #expect(try String(contentsOfFile: folder + "/out/link", encoding: .utf8).utf8.count == 2_100_000)
    }

    @Test("a context that is not there, or has no Dockerfile, is refused by name")
    func missing() throws {
        #expect(throws: RoadsteadError.self) {
            try BuildContext.scan("/no/such", dockerfile: nil, inlineDockerfile: nil)
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let error = #expect(throws: RoadsteadError.self) {
            try BuildContext.scan(folder, dockerfile: nil, inlineDockerfile: nil)
        }
        #expect(error?.message.contains("Dockerfile") == true)
        #expect(try BuildContext.scan(folder, dockerfile: nil, inlineDockerfile: "FROM x").entries.count == 1)
    }
}
