import Foundation
import Glibc
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// Clusters of bare lab hosts by the API of a real server, which is killed in the midst of it.
struct LabCluster: Sendable {
    let server: ServerProcess
    let hosts: HostTrial
    let id: String

    /// Describes a cluster of these hosts; nothing is asked of them yet.
    static func describe(
        _ names: [String], managers: Int, on server: ServerProcess, _ hosts: HostTrial, _ more: JSONObject = [:]
    ) async throws -> LabCluster {
        let key = try String(contentsOfFile: hosts.lab.userKeyFile, encoding: .utf8)
        let publicKey = try await Program.run("/usr/bin/ssh-keygen", ["-y", "-f", hosts.lab.userKeyFile]).output
        let template: JSONValue = [
            "href": "credential-template/generate-ssh-key", "public-key": .string(publicKey),
            "private-key": .string(key),
        ]
        let credential = try await server.send("POST", "credential", ["name": "hosts", "template": template])
        let addresses = try names.map { JSONValue.object(["address": .string(try hosts.lab.address($0))]) }
        let specification: JSONObject = [
            "name": "prod", "driver": "generic", "managers": JSONValue(managers), "hosts": .array(addresses),
            "credential": try #require(credential["resource-id"], "\(credential.text())"),
        ]
        let added = try await server.send(
            "POST", "cluster", ["specification": .object(specification.merging(more))])
        return LabCluster(
            server: server, hosts: hosts, id: try #require(added["resource-id"]?.stringValue, "\(added.text())"))
    }

    /// Asks for an operation; returns its job.
    func ask(_ action: String, _ body: JSONValue = [:]) async throws -> String {
        let answer = try await server.send("POST", "\(id)/\(action)", body)
        return try #require(answer["location"]?.stringValue, "\(answer.text())")
    }

    /// Has it done; the server is killed when a step of the kind runs.
    @discardableResult
    func perform(_ action: String, killedIn kind: String? = nil, _ body: JSONValue = [:]) async throws -> JSONValue {
        let job = try await ask(action, body)
        if let kind {
            let isKilled = try await server.kill(whenJob: job) { document in
                document["steps"]?.arrayValue?.contains { $0["name"]?.stringValue == kind && $0["state"] == "RUNNING" }
                    ?? false
            }
            #expect(isKilled, "the server was killed in \(kind)")
        }
        let ended = try await server.end(ofJob: job)
        #expect(ended["state"] == "SUCCESS", "\(action): \(ended.text())\n\(server.log)")
        return ended
    }

    /// Docker's own command line as the caller of `engine-access`.
    func docker(_ arguments: [String]) async throws -> String {
        let access = try await server.send("POST", "\(id)/engine-access", [:])
        let folder = server.folder.file("tls")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, key) in [("ca.pem", "ca"), ("cert.pem", "cert"), ("key.pem", "key")] {
            let text = try #require(access[key]?.stringValue, "\(key)")
            try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
        }
        let endpoint = access["endpoint"]?.stringValue?.replacing("https://", with: "tcp://") ?? ""
        let result = try await Program.run(
            "/usr/bin/env", ["docker"] + arguments,
            environment: ["DOCKER_HOST": endpoint, "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": folder])
        try #require(result.status == 0, "\(result.transcript)")
        return result.output
    }
}
