import ArgumentParser
import Foundation
import RoadsteadBasics
import RoadsteadModel
import Testing

@testable import RoadsteadCLI

@Suite struct ClusterTextTests {
    private let now = Instant(millisecondsSinceEpoch: 1_795_339_200_000)

    @Test("a plan that a server sends reads as the plan that was made there")
    func planRoundTrip() throws {
        let specification = try ClusterDocument.specification([
            "name": "prod", "driver": "exoscale", "managers": 3, "workers": 2, "zones": ["a"], "ports": ["80/tcp"],
            "labels": ["workers": ["disk": "ssd"]],
        ])
        let facts = ClusterFacts(
            machines: [
                ClusterMachine("prod-1", .manager, labels: [:]), ClusterMachine("prod-2", .manager, labels: [:]),
                ClusterMachine("prod-3", .manager, .lost), ClusterMachine("prod-4", .worker, labels: [:]),
                ClusterMachine("prod-5", .worker, labels: [:]),
            ], firewall: ClusterFirewall())
        let plan = try ClusterPlan.make(specification, facts)
        let read = try ClusterPlan(json: try #require(plan.json().objectValue))
        #expect(read == plan && read.identifier == plan.identifier)
        let lines = ClusterPlanText.lines(read, .plain)
        #expect(
            lines.contains("± machine prod-6 (manager; in place of prod-3, which does not answer; zone a; size small)"))
        #expect(lines.contains("    ports.80/tcp: (none) -> open"))
        #expect(lines.contains("    labels.disk: (none) -> ssd"))
        #expect(lines.last?.hasPrefix("cluster prod: ") == true)
    }

    @Test("a step of a newer server is not passed over in silence")
    func unknownStep() {
        let plan = document(#"{"cluster":"p","steps":[{"kind":"machine","name":"p-1","action":"teleport"}]}"#)
        #expect(code { _ = try ClusterPlan(json: plan) } == .unsupported)
    }

    @Test("what a termination removes is listed one by one, and sent along as what was seen")
    func removals() {
        let plan = document(
            """
            {"steps":[],"warnings":["the hosts stay"],"removes":[{"kind":"machine","id":"i-1","name":"prod-1"},
             {"kind":"firewall","id":"sg-1","name":"prod\\u001b[2J"},{"kind":"host","id":"h:22","name":"prod-2"}]}
            """)
        #expect(
            ClusterPlanText.removals(plan, .plain) == [
                "warning: the hosts stay", "- machine prod-1 (i-1)", "- firewall prod\u{FFFD}[2J (sg-1)",
                "- host prod-2 (h:22; leaves the Swarm, and stays)",
            ])
        #expect(ClusterTerminate.body(plan, force: false) == ["expected": ["i-1", "sg-1", "h:22"]])
        #expect(ClusterTerminate.body(plan, force: true)["force"] == true)
    }

    @Test("two specifications differ in what they mean, not in how they say it")
    func differences() {
        let short: JSONObject = ["name": "prod", "driver": "exoscale", "nodes": 3]
        let long: JSONObject = ["driver": "exoscale", "name": "prod", "managers": 1, "workers": 2, "size": "Small"]
        #expect(SpecificationDifference.make(short, long).isEmpty)
        let other = short.merging(["nodes": 4, "engine": ["version": "26.1"]])
        #expect(
            SpecificationDifference.lines(SpecificationDifference.make(short, other)) == [
                "  workers: 2 -> 3", "  engine.version: (none) -> 26.1",
            ])
    }

    @Test("a listing counts nodes as the specification means them")
    func listing() throws {
        let clusters = [
            document(
                """
                {"id":"cluster/1","name":"prod","state":"READY","updated":"2026-11-22T08:00:00Z",
                 "specification":{"name":"prod","driver":"exoscale","nodes":3}}
                """)
        ]
        let lines = try ClusterList.listing(clusters, now: now).lines(try OutputOptions.parse([]))
        #expect(lines[0].hasPrefix("NAME  STATE  DRIVER    MANAGERS  WORKERS"))
        #expect(lines[1].hasPrefix("prod  READY  exoscale  1         2"))
    }

    @Test("a cluster is shown with its machines, without columns that say nothing")
    func show() {
        let cluster = document(
            """
            {"id":"cluster/1","name":"lab","state":"DEGRADED","state-message":"lab-2 does not answer",
             "specification":{"name":"lab","driver":"generic","hosts":[{"address":"h1"},{"address":"h2"}]},
             "applied":{"name":"lab","driver":"generic","hosts":[{"address":"h1"}]}}
            """)
        let machines = [
            document(#"{"name":"lab-1","role":"manager","state":"RUNNING","address":"10.0.0.1","system":"debian 12"}"#),
            document(
                #"{"name":"lab-2","role":"worker","state":"LOST","address":"10.0.0.2","state-message":"no answer"}"#),
        ]
        let lines = ClusterShow.lines(cluster, machines, endpoint: "https://10.0.0.1:2376", now: now)
        #expect(lines.contains { $0.hasPrefix("Message:") && $0.hasSuffix("lab-2 does not answer") })
        #expect(lines.contains { $0.hasPrefix("Not live yet:") })
        #expect(lines.contains("NAME   ROLE     STATE    ADDRESS   SYSTEM     MESSAGE"))
        #expect(lines.last == "lab-2  worker   LOST     10.0.0.2             no answer")
    }

    @Test("what a job that is done warns of is shown, its other words are not")
    func warnings() {
        let job = document(
            #"{"state":"SUCCESS","status-message":"cluster lab: 1 to remove\nwarning: lab-2 does not answer\nwarning: b"}"#
        )
        #expect(
            ClusterJobRun.warnings(of: job) == ["roadstead: warning: lab-2 does not answer", "roadstead: warning: b"])
        #expect(ClusterJobRun.warnings(of: document(#"{"state":"SUCCESS"}"#)).isEmpty)
    }

    @Test("machines stand by their clusters and numbers")
    func order() {
        let names = ["prod-10", "prod-2", "lab-1", "prod-1", "gateway"]
        #expect(
            names.sorted { MachineQuery.order($0) < MachineQuery.order($1) }
                == ["gateway", "lab-1", "prod-1", "prod-2", "prod-10"])
    }
}
