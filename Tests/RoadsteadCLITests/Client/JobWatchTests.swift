import RoadsteadBasics
import RoadsteadClient
import Synchronization
import Testing

@Suite struct JobWatchTests {
    private let running = #"{"id":"job/1","state":"RUNNING","progress":10}"#
    private let half = #"{"id":"job/1","state":"RUNNING","progress":50}"#
    private let done = #"{"id":"job/1","state":"SUCCESS","progress":100}"#

    /// The progress of every document that was handed on, and of the last one.
    private func watch(_ answers: [String: [ScriptedServer.Answer]]) async throws -> [Int64?] {
        try await ScriptedServer.with(answers) { server in
            let address = ServerAddress(isSecure: false, host: "127.0.0.1", port: server.port)
            let client = try APIClient(server: address, clock: SkippingClock())
            let seen = Mutex<[Int64?]>([])
            let id = try #require(ResourceID("job/1"))
            do {
                let final = try await client.watchJob(id) { job in
                    seen.withLock { $0.append(job["progress"]?.integerValue) }
                }
                await client.shutdown()
                #expect(final["state"] == "SUCCESS")
            } catch {
                await client.shutdown()
                throw error
            }
            return seen.withLock { $0 }
        }
    }

    private func event(_ data: String) -> String { "event: progress\ndata: \(data)\n\n" }

    @Test("events are followed to the final one, each document handed on once")
    func stream() async throws {
        let events = event(running) + ": keep-alive\n\n" + event(half) + event(done)
        #expect(
            try await watch(["GET /api/job/1": [.json(running)], "GET /api/job/1/stream": [.events(events)]]) == [
                10, 50, 100,
            ])
    }

    @Test("a stream that breaks off is opened again")
    func broken() async throws {
        let seen = try await watch([
            "GET /api/job/1": [.json(running)],
            "GET /api/job/1/stream": [
                .events(event(running), breaksOff: true), .events(event(half)), .events(event(half) + event(done)),
            ],
        ])
        #expect(seen.last == 100)
        #expect(seen.contains(50))
    }

    @Test("a server that restarts is waited for")
    func restart() async throws {
        let away = ScriptedServer.Answer.json(#"{"status":503,"message":"starting"}"#, status: 503)
        let seen = try await watch([
            "GET /api/job/1": [.json(running), away, away, .json(done)],
            "GET /api/job/1/stream": [.events(event(half), breaksOff: true)],
        ])
        #expect(seen == [10, 50, 100])
    }

    @Test("a server without event streams is polled")
    func polled() async throws {
        let seen = try await watch(["GET /api/job/1": [.json(running), .json(running), .json(half), .json(done)]])
        #expect(seen == [10, 50, 100])
    }

    @Test("a job that has ended needs no stream")
    func ended() async throws {
        #expect(try await watch(["GET /api/job/1": [.json(done)]]) == [100])
    }

    @Test("a job that is not there is not waited for")
    func absent() async throws {
        await #expect(throws: RoadsteadError.self) { _ = try await watch([:]) }
    }
}
