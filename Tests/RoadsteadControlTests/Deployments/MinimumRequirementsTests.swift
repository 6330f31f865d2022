import DockerAPI
import RoadsteadBasics
import RoadsteadStore
import Testing

@testable import RoadsteadControl

@Suite struct MinimumRequirementsTests {
    private func node(_ cores: Int64, _ mebibytes: Int64, _ architecture: String, state: String = "ready") -> SwarmNode
    {
        var node = SwarmNode(
            id: "n", version: ObjectVersion(index: 1),
            spec: NodeSpec(labels: [:], role: "worker", availability: "active"))
        node.description = NodeDescription(
            hostname: "h", platform: Platform(architecture: architecture, os: "linux"),
            resources: .init(nanoCPUs: cores * 1_000_000_000, memoryBytes: mebibytes << 20))
        node.status = NodeStatus(state: state, addr: "10.0.0.1")
        return node
    }

    private func warnings(_ content: JSONValue, _ nodes: SwarmNode...) -> [String] {
        MinimumRequirements(content).warnings(nodes)
    }

    private let wanted: JSONValue = [
        "minimum-requirements": ["min-cpu": 2, "min-ram": 4096, "min-disk": 9_000_000], "architectures": ["arm64"],
    ]

    @Test("each thing that no usable node has is told with the most that there is")
    func missing() {
        let said = warnings(wanted, node(1, 1024, "x86_64"), node(8, 9000, "aarch64", state: "down"))
        #expect(
            said == [
                "the application wants 2 cores, no node has more than 1",
                "the application wants 4096 MiB of memory, no node has more than 1024",
                "the application is made for arm64, the nodes are amd64",
            ])
    }

    @Test("nodes that have it only together are told, one that has all is enough, and without wishes nothing is said")
    func together() {
        #expect(
            warnings(wanted, node(4, 1024, "aarch64"), node(1, 9000, "x86_64")) == [
                "no node has all that the application wants: 2 cores, 4096 MiB of memory, arm64"
            ])
        #expect(warnings(wanted, node(1, 1, "x86_64"), node(2, 4096, "aarch64")).isEmpty)
        #expect(MinimumRequirements([:]).isEmpty && MinimumRequirements(nil).isEmpty)
    }

    @Test("a plan and a deployment of an application that wants too much say so, and it is deployed all the same")
    func told() async throws {
        try await LivePlane.run { live in
            let id = try await live.deployment("services: {web: {image: 'busybox:1'}}", stack: "shop")
            let module = try #require(try await live.document(id)["module"]?.objectValue)
            let content = (module["content"]?.objectValue ?? [:]).merging(["minimum-requirements": ["min-cpu": 64]])
            _ = try await live.test.store.write { transaction in
                try transaction.modify(id) { $0["module"] = .object(module.merging(["content": .object(content)])) }
            }
            let answer = try await live.test.resources.perform("plan", on: id, in: live.test.scope())
            guard case .value(let plan) = answer.content else { throw Missing("a plan") }
            #expect(plan["warnings"]?.text().contains("wants 64 cores") == true, "\(plan.text())")
            let job = try await live.work("start", on: id)
            #expect(job["state"] == "SUCCESS")
            #expect(job["status-message"]?.stringValue?.contains("warning: the application wants 64 cores") == true)
        }
    }
}
