import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// Mistakes and misfortunes of the server itself.
@Suite("Bad days of a server", .serialized)
struct BadServerLabTests {
    private static func serve(_ arguments: String...) async throws -> ProgramResult {
        try await Program.run(
            Program.roadstead, ["serve"] + arguments, environment: ["ROADSTEAD_ADMIN_PASSWORD": ServerProcess.password],
            timeout: .seconds(30))
    }

    @Test("a port that is taken is named, with what to do")
    func portTaken() async throws {
        try await ServerProcess.with { server in
            let result = try await Self.serve(
                "--data", server.folder.file("other"), "--listen", "127.0.0.1:\(server.port)")
            #expect([1, 3].contains(result.status), "\(result.transcript)")
            #expect(result.errors.contains("127.0.0.1:\(server.port)"), "\(result.transcript)")
            #expect(result.errors.contains("--listen"), "\(result.transcript)")
        }
    }

    @Test("a second server on the same data is refused and disturbs the first in nothing")
    func dataTaken() async throws {
        try await ServerProcess.with { server in
            let result = try await Self.serve("--data", server.data, "--listen", "127.0.0.1:0")
            #expect(result.status == 3 || result.status == 1, "\(result.transcript)")
            #expect(result.errors.contains(server.data), "\(result.transcript)")
            let status = try await server.cli(["status"])
            #expect(status.status == 0, "\(status.transcript)")
        }
    }

    @Test("a full disk refuses writes with a message and a status, and what was written before is there afterwards")
    func diskFull() async throws {
        let lab = try LabHosts.required()
        try await TemporaryDirectory.run { folder in
            let disk = folder.file("disk")
            try await lab.command("smalldisk", "make", disk, "16")
            let server = try ServerProcess(folder: folder, data: disk + "/data")
            do {
                try await server.start()
                try await server.loginForHTTP()
                #expect(try await add("before", to: server).status == 201)
                try await lab.command("smalldisk", "fill", disk)
                var refused: (status: Int, body: String)?
                // The write-ahead log may have room for a few more documents.
                for index in 0..<200 where refused == nil {
                    let answer = try await add("during-\(index)", to: server)
                    if answer.status != 201 { refused = answer }
                }
                #expect(refused?.status == 507 || refused?.status == 503, "\(refused?.body ?? "never refused")")
                #expect(refused?.body.contains("disk") == true, "\(refused?.body ?? "")")
                try FileManager.default.removeItem(atPath: disk + "/.filler")
                #expect(try await add("after", to: server).status == 201)
                let names = try await server.http("infrastructure-service?select=name")
                #expect(names.body.contains("\"before\"") && names.body.contains("\"after\""), "\(names.body)")
                server.kill(SIGKILL)
                try await lab.command("smalldisk", "remove", disk)
            } catch {
                server.kill(SIGKILL)
                _ = try? await lab.command("smalldisk", "remove", disk)
                throw error
            }
        }
    }

    private func add(_ name: String, to server: ServerProcess) async throws -> (status: Int, body: String) {
        let padding = String(repeating: "x", count: 20_000)
        let body: JSONValue = [
            "name": .string(name), "description": .string(padding),
            "template": [
                "href": "infrastructure-service-template/generic", "subtype": "swarm", "endpoint": "https://h:2376",
            ],
        ]
        let path = server.folder.file("body.json")
        try body.text().write(toFile: path, atomically: true, encoding: .utf8)
        return try await server.http(
            "infrastructure-service", ["-H", "Content-Type: application/json", "-d", "@" + path])
    }
}
