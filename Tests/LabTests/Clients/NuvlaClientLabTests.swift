import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// Nuvla's own Python client, as people have it from PyPI, unchanged.
@Suite("The real nuvla-api")
struct NuvlaClientLabTests {
    @Test(
        "does its work: documents and deployments; its classes, searches, patches, groups and bulk requests",
        arguments: [("nuvla_session.py", 20), ("nuvla_resources.py", 47)])
    func works(script: String, claims: Int) async throws {
        let python = Program.repository.appending(path: ".build/nuvla-api/bin/python").path
        try #require(
            FileManager.default.fileExists(atPath: python),
            "\(python) is missing: run ./test, which installs nuvla-api into .build/nuvla-api")
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: script).path
        try await ServerProcess.with { server in
            let result = try await Program.run(python, [path, server.url, "admin"], input: ServerProcess.password)
            #expect(result.status == 0, "\(result.transcript)\n\(server.log)")
            #expect(result.output.split(separator: "\n").count >= claims)
        }
    }

    @Test("its classes for modules, deployments and parameters do their whole life cycle on a real Swarm")
    func applications() async throws {
        let python = Program.repository.appending(path: ".build/nuvla-api/bin/python").path
        try #require(FileManager.default.fileExists(atPath: python), "\(python) is missing: run ./test")
        let lab = try LabHosts.required()
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "nuvla_apps.py").path
        try await ServerProcess.with { server in
            try await server.addLab(lab)
            let image = try lab.registry().image("busybox:1")
            let result = try await Program.run(
                python, [path, server.url, "admin", image], input: ServerProcess.password, timeout: .seconds(300))
            #expect(result.status == 0, "\(result.transcript)\n\(server.log.suffix(4000))")
            #expect(result.output.split(separator: "\n").count >= 50)
        }
    }
}
