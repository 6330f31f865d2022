import DockerClient
import Foundation
import RoadsteadTestKit
import Testing

@Suite("The engine that the environment names")
struct EnvironmentTests {
    private let home = FileManager.default.temporaryDirectory.appending(path: "home-" + UUID().uuidString)

    private func write(_ path: String, _ text: String) throws {
        let url = home.appending(path: path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: url, atomically: true, encoding: .utf8)
    }

    private func endpoint(_ environment: [String: String]) throws -> String {
        try EngineEndpoint.fromEnvironment(environment.merging(["HOME": home.path]) { $1 }).description
    }

    @Test(
        "is DOCKER_HOST's, else the standard socket",
        arguments: [
            ([:], "unix:///var/run/docker.sock"), (["DOCKER_HOST": ""], "unix:///var/run/docker.sock"),
            (["DOCKER_HOST": "unix:///x"], "unix:///x"), (["DOCKER_HOST": "tcp://h:1"], "tcp://h:1"),
            (["DOCKER_HOST": "unix:///x", "DOCKER_TLS_VERIFY": "1"], "unix:///x"),
            (["DOCKER_CONTEXT": "default"], "unix:///var/run/docker.sock"),
        ] as [([String: String], String)])
    func host(environment: [String: String], expected: String) throws {
        #expect(try endpoint(environment) == expected)
    }

    @Test("has TLS by DOCKER_TLS_VERIFY or DOCKER_TLS, with docker's files") func tls() throws {
        defer { try? FileManager.default.removeItem(at: home) }
        try write("certs/ca.pem", "ca")
        try write(".docker/ca.pem", "ca")
        let path = home.appending(path: "certs").path
        for name in ["DOCKER_TLS_VERIFY", "DOCKER_TLS"] {
            #expect(try endpoint(["DOCKER_HOST": "tcp://h", name: "1", "DOCKER_CERT_PATH": path]) == "https://h:2376")
            #expect(try endpoint(["DOCKER_HOST": "tcp://h", name: "1"]) == "https://h:2376")
        }
        let error = #expect(throws: EngineError.self) {
            try endpoint(["DOCKER_HOST": "tcp://h", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/nonexistent"])
        }
        #expect(error?.kind == .invalidInput && error?.message.contains("/nonexistent") == true)
    }

    @Test("is the docker context's, by variable or by configuration, but DOCKER_HOST wins") func contexts() throws {
        defer { try? FileManager.default.removeItem(at: home) }
        try write(
            ".docker/contexts/meta/aa/meta.json", #"{"Name":"one","Endpoints":{"docker":{"Host":"tcp://one:2376"}}}"#)
        try write(".docker/contexts/tls/aa/docker/ca.pem", "ca")
        try write(
            ".docker/contexts/meta/bb/meta.json", #"{"Name":"two","Endpoints":{"docker":{"Host":"unix:///two"}}}"#)
        try write(".docker/contexts/meta/cc/meta.json", #"{"Name":"k8s","Endpoints":{}}"#)
        #expect(try endpoint(["DOCKER_CONTEXT": "one"]) == "https://one:2376")
        #expect(try endpoint(["DOCKER_CONTEXT": "two"]) == "unix:///two")
        try write(".docker/config.json", #"{"currentContext":"two"}"#)
        #expect(try endpoint([:]) == "unix:///two")
        #expect(try endpoint(["DOCKER_HOST": "unix:///x"]) == "unix:///x")
        for (name, words) in [("k8s", "names no engine"), ("none", "'none' is not in")] {
            let error = #expect(throws: EngineError.self) { try endpoint(["DOCKER_CONTEXT": name]) }
            #expect(error?.kind == .invalidInput && error?.message.contains(words) == true)
        }
        try write(".docker/config.json", "{")
        #expect(throws: EngineError.self) { try endpoint([:]) }
    }
}
