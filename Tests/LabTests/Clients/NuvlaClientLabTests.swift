import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// Nuvla's own Python client, as people have it from PyPI, unchanged.
@Suite("The real nuvla-api")
struct NuvlaClientLabTests {
    @Test(
        "does its work: documents and deployments; its classes, searches, patches, groups and bulk requests",
        arguments: [("nuvla_session.py", 20), ("nuvla_resources.py", 40)])
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
}
