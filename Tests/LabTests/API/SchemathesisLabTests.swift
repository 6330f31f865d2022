import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// Schemathesis from PyPI makes requests of our own description of the API, thousands of them, right and wrong ones.
@Suite("Schemathesis")
struct SchemathesisLabTests {
    @Test("finds no failure of the server and no answer that openapi.json does not announce, in 5,000 requests or more")
    func requests() async throws {
        let python = Program.repository.appending(path: ".build/schemathesis/bin/python").path
        try #require(
            FileManager.default.fileExists(atPath: python),
            "\(python) is missing: run ./test, which installs schemathesis into .build/schemathesis")
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "schemathesis_run.py").path
        try await ServerProcess.with { server in
            let result = try await Program.run(
                python, [script, server.url, "admin"], input: ServerProcess.password, timeout: .seconds(960))
            #expect(result.status == 0, "\(result.transcript)\n\(server.log.suffix(4000))")
            let last = result.output.split(separator: "\n").last ?? ""
            let count = last.split(separator: " ").last.flatMap { Int($0) } ?? 0
            #expect(count >= 5000, "\(last)")
            #expect(!server.log.contains("request failed"))
        }
    }
}
