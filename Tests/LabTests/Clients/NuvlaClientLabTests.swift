import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// Nuvla's own Python client, as people have it from PyPI, unchanged.
@Suite("The real nuvla-api")
struct NuvlaClientLabTests {
    @Test("logs in, adds, reads, edits, searches, operates and deletes")
    func session() async throws {
        let python = Program.repository.appending(path: ".build/nuvla-api/bin/python").path
        try #require(
            FileManager.default.fileExists(atPath: python),
            "\(python) is missing: run ./test, which installs nuvla-api into .build/nuvla-api")
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "nuvla_session.py").path
        try await ServerProcess.with { server in
            let result = try await Program.run(python, [script, server.url, "admin"], input: ServerProcess.password)
            #expect(result.status == 0, "\(result.transcript)\n\(server.log)")
            #expect(result.output.split(separator: "\n").count >= 20)
        }
    }
}
