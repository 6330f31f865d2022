import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

@Suite struct StatsTests {
    private func source(_ container: String, on node: String) -> StatsSource {
        StatsSource(service: "web", task: "task-" + container, slot: 1, node: node, container: container)
    }

    @Test("a container is followed once at a time, and a node that was out of reach is asked again later and told anew")
    func board() async {
        let (board, start) = (StatsBoard(), Instant(millisecondsSinceEpoch: 0))
        let (near, far) = (source("a", on: "n1"), source("b", on: "n2"))
        #expect(await board.take([near, far], at: start) == [near, far])
        #expect(await board.take([near, far], at: start).isEmpty)
        #expect(await board.lose([far], on: "n2", at: start), "news")
        #expect(await board.take([near, far], at: start + .seconds(3)).isEmpty, "not every three seconds")
        let later = start + StatsBoard.patience
        #expect(await board.take([near, far], at: later) == [far])
        #expect(await !board.lose([far], on: "n2", at: later), "told already")
        #expect(await board.take([far], at: later + StatsBoard.patience) == [far])
        await board.reach("n2")
        #expect(await board.lose([far], on: "n2", at: later + .seconds(60)), "it was back")
        await board.release(near)
        #expect(await board.take([near], at: later) == [near])
    }

    @Test("figures that stop are told as ended, and come again")
    func again() async throws {
        let swarm = FakeSwarm { _, task in
            var task = task
            task.status.containerStatus = TaskStatus.ContainerStatus(containerID: "box")
            return task
        }
        try await LivePlane.run(swarm: swarm) { live in
            let id = try await live.deployment("services: {web: {image: 'busybox:1'}}", stack: "shop")
            try await live.work("start", on: id)
            live.engine.setScript { request in
                guard request.path == "/containers/box/stats" else { return nil }
                let line = #"{"read":"2026-01-02T03:04:05Z","memory_stats":{"usage":5,"limit":9}}"# + "\n"
                return .stream(
                    headers: [],
                    AsyncStream { output in
                        output.yield(Array(line.utf8))
                        output.finish()
                    })
            }
            let answer = try await live.test.resources.perform("stream/stats", on: id, in: live.streaming)
            guard case .events(let stats) = answer.content else { throw Missing("a stream") }
            let names = Shared<[String]>([])
            let reader = Task { try await stats.run { event in names.change { $0.append(event.name) } } }
            for _ in 0..<400 where names.value.count < 4 { try await Task.sleep(for: .milliseconds(50)) }
            #expect(names.value.prefix(4) == ["stats", "ended", "stats", "ended"])
            try await live.work("stop", on: id)
            try await reader.value
        }
    }
}
