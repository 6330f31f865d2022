import RoadsteadBasics
import RoadsteadModel
import Testing

@testable import RoadsteadCLI

@Suite struct ClusterScalingTests {
    private let cloud: JSONObject = ["name": "prod", "driver": "exoscale", "nodes": 3, "size": "medium"]
    private let hosts: JSONObject = [
        "name": "lab", "driver": "generic", "managers": 1,
        "hosts": [["address": "h1"], ["address": "h2", "user": "debian"], ["address": "h3"]],
    ]

    private func scaled(_ scaling: ClusterScaling, _ old: JSONObject) throws -> ClusterSpecification {
        try ClusterDocument.specification(try scaling.document(old))
    }

    @Test("numbers change and nothing else does")
    func numbers() throws {
        let specification = try scaled(ClusterScaling(managers: 3, workers: 5), cloud)
        #expect(specification.managers == 3 && specification.workers == 5 && specification.size == "medium")
        #expect(try scaled(ClusterScaling(workers: 0), cloud).nodes == 1)
    }

    @Test("hosts come and go by their addresses, and keep what they are")
    func hostsByAddress() throws {
        let added = try #require(HostArgument(argument: "root@h4=worker"))
        let removed = try #require(HostArgument(argument: "h2"))
        let specification = try scaled(ClusterScaling(addedHosts: [added], removedHosts: [removed]), hosts)
        #expect(specification.hosts.map(\.address) == ["h1", "h3", "h4"])
        #expect(specification.hosts.map(\.role) == [.manager, .worker, .worker])
    }

    @Test("more managers are made of the workers in their order, fewer leave the first ones managers")
    func roles() throws {
        let three = try ClusterScaling(managers: 3).document(hosts)
        #expect(try ClusterDocument.specification(three).hosts.allSatisfy { $0.role == .manager })
        let one = try scaled(ClusterScaling(managers: 1), three)
        #expect(one.hosts.map(\.role) == [.manager, .worker, .worker])
    }

    @Test("numbers that need other hosts, hosts that are not there, and hosts of a cloud are refused with what to do")
    func refusals() throws {
        let unknown = try #require(HostArgument(argument: "h9"))
        #expect(message { _ = try ClusterScaling(workers: 5).document(hosts) }.contains("--add-host"))
        #expect(
            message { _ = try ClusterScaling(removedHosts: [unknown]).document(hosts) }.contains(
                "h9:22 is no host of lab"))
        #expect(
            message { _ = try ClusterScaling(addedHosts: [unknown]).document(cloud) }.contains("are made by exoscale"))
        #expect(message { _ = try ClusterScaling(managers: 2).document(cloud) }.contains("use 1, 3 or 5"))
    }
}
