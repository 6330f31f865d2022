import Foundation
import RoadsteadBasics
import Testing

@testable import RemoteHosts

@Suite struct EngineChangeTests {
    private func facts() -> HostFacts {
        var facts = HostFacts()
        (facts.distribution, facts.release, facts.hasSystemd, facts.hasDocker) = ("debian", "12", true, true)
        facts.engine = HostFacts.Engine(version: "26.1.4", running: 3, swarmState: "active")
        return facts
    }

    private func wishes(_ version: String?, docker: Bool = true) -> EngineWishes {
        let tls = EngineWishes.TLS(authority: "a'b", certificate: "$(x)", key: Redacted("\"`"))
        var wishes = EngineWishes(version: version, tls: tls)
        if docker { wishes.packages = .docker(.docker) }
        return wishes
    }

    /// Runs a script with an apt-cache that knows some versions; its output, or nil with its errors.
    private func run(_ script: String, _ arguments: [String] = []) throws -> (status: Int32, output: String) {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let tool = folder.appending(path: "apt-cache")
        let known = [
            "5:26.10.0-1~debian.12~bookworm", "5:26.1.4-1~debian.12~bookworm", "5:26.1.3-1~debian.12~bookworm",
        ]
        let lines = known.map { "echo \" $2 | \($0) | http://mirror bookworm/stable amd64 Packages\"" }
        try ("#!/bin/sh\n" + lines.joined(separator: "\n") + "\n").write(to: tool, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tool.path)
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = arguments + ["-c", script]
        process.environment = ["PATH": folder.path + ":/usr/bin:/bin"]
        let pipe = Pipe()
        (process.standardOutput, process.standardError) = (pipe, pipe)
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    @Test(
        "the newest version that begins with what is wished is chosen, and containerd's is its own",
        arguments: [
            ("26.1", "5:26.1.4-1~debian.12~bookworm"), ("26.1.3", "5:26.1.3-1~debian.12~bookworm"),
            ("26", "5:26.10.0-1~debian.12~bookworm"),
        ])
    func choice(wished: String, chosen: String) throws {
        let preparation = try HostPreparation(HostFacts(bare: "12"), wishes: wishes(wished), host: "h")
        let result = try run("set -e\n" + preparation.chooseVersions + "\necho $packages")
        #expect(result.status == 0)
        #expect(result.output == "docker-ce=\(chosen) docker-ce-cli=\(chosen) containerd.io\n")
    }

    @Test("a version that there is none of is refused, with those that there are")
    func unknown() throws {
        let preparation = try HostPreparation(HostFacts(bare: "12"), wishes: wishes("27"), host: "h")
        let result = try run("set -e\n" + preparation.chooseVersions + "\necho $packages")
        #expect(result.status == 1)
        #expect(result.output.contains("no engine 27: of docker-ce there is 5:26.1.3-1~debian.12~bookworm"))
    }

    @Test("every script of a change can be read by a shell, and packages are touched only when they are to change")
    func scripts() throws {
        for docker in [true, false] {
            let change = try EngineChange(facts(), wishes: wishes("26.1", docker: docker), host: "h")
            for script in [change.fetching] + change.changing(isOfPackages: true) {
                #expect(try run(script, ["-n"]).status == 0, "\(script)")
            }
            #expect(!change.changing(isOfPackages: false).contains { $0.contains("apt-get") })
            #expect(change.changing(isOfPackages: true).contains { $0.contains("apt-get") })
        }
    }

    @Test("what was fetched is told by its package's version, and the engine's own is read from it")
    func fetch() throws {
        let fetch = try #require(
            EngineFetch(parsing: "chosen=5:26.1.4-1~debian.12~bookworm\ninstalled=5:26.1.3-1~debian.12~bookworm\n"))
        #expect(fetch.isNeeded && fetch.engineVersion == "26.1.4")
        #expect(EngineFetch(installed: "20.10.24+dfsg1-1", chosen: "20.10.24+dfsg1-1").isNeeded == false)
        #expect(EngineFetch(parsing: "chosen=(none)\n") == nil && EngineFetch(parsing: "") == nil)
    }

    @Test(
        "a mirror's address or fingerprint that apt or a shell could misread is refused",
        arguments: [
            ("https://m.example/$(x)", PackageRepository.docker.fingerprint),
            ("ftp://m.example", PackageRepository.docker.fingerprint),
            ("https://m.example/a b", PackageRepository.docker.fingerprint), ("https://m.example", "9DC858"),
        ])
    func repositories(url: String, fingerprint: String) throws {
        #expect(throws: RoadsteadError.self) { try PackageRepository(url: url, fingerprint: fingerprint) }
        let good = try PackageRepository(
            url: "https://m.example/docker/", fingerprint: "9dc8 5822 9fc7 dd38 854a e2d8 8d81 803c 0ebf cd88")
        #expect(good.url == "https://m.example/docker" && good.fingerprint == PackageRepository.docker.fingerprint)
    }
}

extension HostFacts {
    fileprivate init(bare release: String) {
        self.init()
        (distribution, self.release, hasSystemd) = ("debian", release, true)
    }
}
