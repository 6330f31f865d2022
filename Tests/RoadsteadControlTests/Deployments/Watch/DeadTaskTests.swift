import DockerAPI
import DockerClient
import RoadsteadBasics
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

/// Which dead tasks' lines are read.
@Suite struct DeadTaskTests {
    private func watch(_ test: TestPlane) -> SwarmWatch {
        SwarmWatch(
            target: ResourceID(type: "credential", identifier: "c"),
            SwarmSetting(context: test.plane.context, pace: LiveWatch.Pace(), options: EngineOptions()))
    }

    private func dead(_ count: Int, at moment: Instant) -> [SwarmTask] {
        (0..<count).map { index in
            var status = TaskStatus(state: .failed, timestamp: moment)
            status.containerStatus = TaskStatus.ContainerStatus(containerID: "c\(index)", exitCode: 1)
            return SwarmTask(id: "task\(index)", status: status)
        }
    }

    @Test("each of many dead tasks is read once, and what a lost connection left unread is read after it")
    func once() async throws {
        let test = try await TestPlane.make()
        let (watch, tasks) = (watch(test), dead(200, at: test.clock.now))
        _ = await watch.begin()
        #expect(await watch.newlyDead("shop", []).isEmpty)
        #expect(await watch.newlyDead("shop", tasks).count == 200)
        for _ in 0..<3 { #expect(await watch.newlyDead("shop", tasks).isEmpty) }
        for task in tasks.prefix(150) { await watch.read(task) }
        _ = await watch.begin()
        #expect(await watch.newlyDead("shop", tasks).map(\.id) == tasks.suffix(50).map(\.id))
    }

    @Test("at the first look only what has just died is read")
    func first() async throws {
        let test = try await TestPlane.make()
        let watch = watch(test)
        let (old, fresh) = (dead(3, at: test.clock.now - .seconds(600)), dead(5, at: test.clock.now).suffix(2))
        #expect(await watch.newlyDead("shop", old + fresh).map(\.id) == fresh.map(\.id))
        #expect(await watch.newlyDead("shop", old + fresh).isEmpty)
    }

    @Test("lines of a task that are kept already are known as such")
    func holds() async {
        let (logs, id) = (DeadTaskLogs(folder: nil), ResourceID(type: "deployment", identifier: "d"))
        await logs.add([LogLine(time: nil, service: "web", task: "task1", text: "last words")], of: id)
        #expect(await logs.holds("task1", of: id))
        #expect(await !logs.holds("task2", of: id))
    }
}
