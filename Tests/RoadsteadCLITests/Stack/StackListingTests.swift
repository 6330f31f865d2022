import ArgumentParser
import DockerAPI
import RoadsteadBasics
import RoadsteadCompose
import Testing

@testable import RoadsteadCLI

@Suite struct StackListingTests {
    private func service(_ name: String, stack: String) -> Service {
        let spec = ServiceSpec(name: name, labels: [DesiredStack.namespaceLabel: stack])
        return Service(id: name, version: ObjectVersion(index: 1), spec: spec)
    }

    @Test("stacks are counted by the label of their services")
    func stacks() throws {
        let services = [service("b_x", stack: "b"), service("a_x", stack: "a"), service("b_y", stack: "b")]
        #expect(
            try StackList.listing(services).lines(OutputOptions.parse([])) == ["NAME  SERVICES", "a     1", "b     2"])
        #expect(try StackList.listing(services).lines(OutputOptions.parse(["-q"])) == ["a", "b"])
    }

    @Test("tasks are told by service and slot, the newest of a slot first, with the whole error")
    func tasks() throws {
        func task(_ id: String, _ slot: Int?, _ created: String, _ state: TaskState, _ error: String? = nil)
            -> SwarmTask
        {
            var task = SwarmTask(id: id, status: TaskStatus(state: state, error: error))
            (task.slot, task.serviceID, task.nodeID) = (slot, "s", "n")
            task.createdAt = Instant(rfc3339: created)
            return task
        }
        let long = String(repeating: "long ", count: 30) + "end"
        let listing = StackTasks.listing(
            [
                task("1", 1, "2026-01-01T00:00:00Z", .failed, long), task("2", 1, "2026-01-01T00:00:09Z", .running),
                task("3", nil, "2026-01-01T00:00:00Z", .running),
            ], services: ["s": "shop_web"], nodes: ["n": "node-1"])
        let lines = try listing.lines(OutputOptions.parse([]))
        #expect(lines[1].hasPrefix("shop_web.1  node-1"))
        #expect(lines[1].contains("running"))
        #expect(lines[2].hasSuffix(long))
        #expect(lines[3].hasPrefix("shop_web.n"))
    }
}
