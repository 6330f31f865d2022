import DockerClient
import Foundation
import RoadsteadBasics
import RoadsteadCompose
import Testing

@testable import RoadsteadCLI

@Suite struct StackInputTests {
    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write("app/compose.yml", "services: {web: {image: \"x:$TAG\"}}")
        try folder.write("app/.env", "TAG=from-dotenv\nOTHER=1")
        try folder.write("own.env", "TAG=from-file")
        return folder
    }

    private func variables(_ envFiles: [String], _ environment: [String: String]) throws -> [String: String] {
        let folder = try folder()
        return try ComposeInputLoader(
            files: [folder.path + "/app/compose.yml"],
            envFiles: envFiles.map { $0 == "own" ? folder.path + "/own.env" : $0 },
            environment: environment
        ).variables()
    }

    @Test("variables come from .env beside the first file, from named files instead, and the environment wins")
    func variableOrder() throws {
        #expect(try variables([], [:]) == ["TAG": "from-dotenv", "OTHER": "1"])
        #expect(try variables(["own"], [:]) == ["TAG": "from-file"])
        #expect(try variables(["/dev/null"], ["A": "b"]) == ["A": "b"])
        #expect(try variables(["own"], ["TAG": "outer"]) == ["TAG": "outer"])
    }

    @Test("relative paths count from the first file's folder")
    func workingDirectory() async throws {
        let folder = try folder()
        let loader = ComposeInputLoader(files: [folder.path + "/app/compose.yml"], envFiles: [], environment: [:])
        #expect(loader.folder == folder.path + "/app")
        #expect(try await loader.load().sources.map(\.path) == [folder.path + "/app/compose.yml"])
        let input = ComposeInputLoader(files: ["-"], envFiles: [], environment: [:])
        #expect(input.folder == FileManager.default.currentDirectoryPath)
    }

    @Test("a file that is not there is named, standard input may come once")
    func refusals() async {
        let absent = await #expect(throws: RoadsteadError.self) {
            _ = try await ComposeInputLoader(files: ["/nonexistent.yml"], envFiles: [], environment: [:]).load()
        }
        #expect(absent?.message == "there is no file /nonexistent.yml")
        let twice = await #expect(throws: RoadsteadError.self) {
            _ = try await ComposeInputLoader(files: ["-", "-"], envFiles: [], environment: [:]).load()
        }
        #expect(twice?.code == .invalidInput)
    }

    @Test("the engine is found by docker's own variables")
    func engine() throws {
        func endpoint(_ environment: [String: String], host: String? = nil) throws -> String {
            try EngineEnvironment.endpoint(host: host, environment).description
        }
        #expect(try endpoint([:]) == "unix:///var/run/docker.sock")
        #expect(try endpoint(["DOCKER_HOST": ""]) == "unix:///var/run/docker.sock")
        #expect(try endpoint(["DOCKER_HOST": "tcp://10.0.0.1:2375"]) == "tcp://10.0.0.1:2375")
        #expect(try endpoint(["DOCKER_HOST": "tcp://a"], host: "unix:///x.sock") == "unix:///x.sock")
        let folder = try TemporaryFolder()
        let tls = ["DOCKER_HOST": "tcp://10.0.0.1:2376", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": folder.path]
        #expect(try endpoint(tls) == "https://10.0.0.1:2376")
        try folder.write("ca.pem", "no certificate")
        #expect(message { _ = try endpoint(tls) }.contains("\(folder.path)/ca.pem holds no certificate"))
    }

    @Test("mistakes in an application are told with their place before anything is sent")
    func check() async throws {
        func check(_ text: String, _ values: [String: String], isComplete: Bool = true) async throws -> [String] {
            let content = ApplicationContent(
                compose: text, files: [["file-name": "a.txt", "file-content": "x"]],
                variables: ComposeReferences.variables(in: text))
            return try await ApplicationCheck(label: "c.yml", content: content).run(
                values: values, isComplete: isComplete)
        }
        let good = "services:\n  web:\n    image: x\n    configs: [a]\nconfigs: {a: {file: ./a.txt}}\n"
        #expect(try await check(good, [:]) == [])
        let wrong = await #expect(throws: RoadsteadError.self) {
            _ = try await check("services:\n  web:\n    imag: x\n", [:])
        }
        #expect(wrong?.message.hasPrefix("c.yml:3:") == true)
        let ports = "services:\n  web:\n    image: x\n    ports: [\"${PORT}:80x\"]\n"
        await #expect(throws: RoadsteadError.self) { _ = try await check(ports, ["PORT": "80"]) }
        #expect(try await check(ports, [:], isComplete: false).count == 1)
        #expect(try await check(ports.replacing("80x", with: "80"), ["PORT": "80"]) == [])
    }
}
