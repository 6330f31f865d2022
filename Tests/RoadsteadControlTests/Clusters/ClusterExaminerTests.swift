import RemoteHosts
import RoadsteadBasics
import RoadsteadModel
import RoadsteadTestKit
import Testing

@testable import RoadsteadControl

@Suite struct ClusterExaminerTests {
    private func findings(_ report: JSONValue, _ check: String) -> [JSONValue] {
        report["findings"]?.arrayValue?.filter { $0["check"]?.stringValue == check } ?? []
    }

    @Test("a cluster that was just made is found well in every check, its certificates among them")
    func well() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add(["managers": 3])
        let early = await trial.failure { _ = try await trial.value("doctor", id) }
        #expect(early.code == .invalidState && early.message.contains("no Swarm"))
        try await trial.perform("create", id)
        let report = try await trial.value("doctor", id)
        let bad = report["findings"]?.arrayValue?.filter { $0["verdict"] != "ok" } ?? []
        #expect(bad.isEmpty, "\(bad)")
        #expect(report["verdict"] == "ok" && findings(report, "certificate").count == 1)
        let checks = Set(report["findings"]?.arrayValue?.compactMap { $0["check"]?.stringValue } ?? [])
        #expect(checks == Set(DoctorFinding.Check.allCases.map(\.rawValue)))
    }

    @Test("a host that is down is told by ssh, engine, nodes and drift, and the others are looked at all the same")
    func down() async throws {
        let trial = try await ClusterTrial.make()
        let id = try await trial.add(["managers": 3])
        try await trial.perform("create", id)
        let lost = try #require(try await trial.machines(id).last)
        let address = try #require(lost.address)
        trial.world.change { _ = $0.down.insert(address) }
        let report = try await trial.value("doctor", id)
        #expect(report["verdict"] == "failure")
        for check in ["ssh", "engine", "nodes"] {
            let told = findings(report, check)
            #expect(told.count == 1 && told[0]["subject"]?.stringValue == lost.name, "\(check): \(told)")
            #expect(told[0]["verdict"] == "failure" && told[0]["advice"] != nil)
        }
        #expect(findings(report, "drift").contains { $0["verdict"] == "warning" })
        #expect(findings(report, "disk").map { $0["verdict"] } == ["ok"])
    }

    @Test("what an overlay network does not carry is told by both names, what nobody answered too")
    func overlay() {
        let whole = OverlayProbe.Answer(isNamed: true, isCarried: true)
        let faults = OverlayTrial.faults(
            [
                0: [1: whole, 2: OverlayProbe.Answer(isNamed: false, isCarried: true)],
                1: [0: OverlayProbe.Answer(isNamed: true, isCarried: false), 2: whole], 2: nil,
            ],
            [0, 1, 2], ["a", "b", "c"])
        #expect(
            faults == [
                "in an overlay network a does not find c by name",
                "packets of an overlay network from b do not get to a whole",
                "c did not tell whether it reaches a in an overlay network",
                "c did not tell whether it reaches b in an overlay network",
            ])
    }
}
