import DockerAPI
import RoadsteadBasics
import Testing

@testable import RoadsteadCompose

/// The verdict on what a real Swarm of three hosts (Engine 20.10) said in each case.
@Suite("Verdict on recorded sequences")
struct VerdictRecordingTests {
    @Test(
        "a service that comes up has succeeded",
        arguments: [
            "healthy", "global", "health-checked", "no-replicas", "job", "global-job", "one-shot", "recovers", "update",
            "update-paused", "update-rolled-back", "endpoint-update", "scaled",
        ])
    func comesUp(name: String) throws {
        let (verdict, _) = try VerdictRecording(name).play(.created)
        #expect(verdict.outcome == .succeeded)
        #expect(verdict.notes.isEmpty)
    }

    @Test("an update that the Swarm carries through has succeeded", arguments: ["update", "endpoint-update", "scaled"])
    func updates(name: String) throws {
        let (verdict, _) = try VerdictRecording(name).play(.updated, fromAct: 1)
        #expect(verdict.outcome == .succeeded)
        #expect(verdict.services.map(\.running) == verdict.services.map(\.desired))
    }

    @Test("an update has not succeeded before the Swarm calls it completed", arguments: ["update", "endpoint-update"])
    func waitsForCompletion(name: String) throws {
        let recording = try VerdictRecording(name)
        let (verdict, milliseconds) = try recording.play(.updated, fromAct: 1)
        let completed = try #require(
            recording.ticks.first { $0.services.first?.updateStatus?.state == "completed" })
        #expect(verdict.outcome == .succeeded)
        #expect(recording.acted[1] + milliseconds >= completed.at)
    }

    @Test("a global service that fits no node has succeeded, with a note")
    func fitsNoNode() throws {
        let (verdict, _) = try VerdictRecording("global-on-no-node").play(.created)
        #expect(verdict.outcome == .succeeded)
        #expect(verdict.notes == ["service web runs on no node: none meets its constraints"])
    }

    struct Expected: Sendable, CustomTestStringConvertible {
        var name: String
        var reason: ServiceFailure.Reason
        var change = ServiceExpectation.Change.created
        var act = 0
        var error: String?
        var exitCode: Int?
        var hasNode = true
        var hasLog = true
        var testDescription: String { name }
    }

    static let failures = [
        Expected(name: "crash-loop", reason: .crashLoop, error: "task: non-zero exit (3)", exitCode: 3),
        Expected(name: "keeps-ending", reason: .crashLoop, exitCode: 0),
        Expected(name: "exits-once", reason: .exited, error: "task: non-zero exit (4)", exitCode: 4),
        Expected(name: "attempts-used-up", reason: .exited, error: "task: non-zero exit (1)", exitCode: 1),
        Expected(name: "job-fails", reason: .jobFailed, error: "task: non-zero exit (5)", exitCode: 5),
        Expected(name: "image-not-found", reason: .imageNotFound, error: "No such image", hasLog: false),
        Expected(
            name: "bind-source-missing", reason: .rejected,
            error: "invalid mount config for type \"bind\": bind source path does not exist: /no/such/folder",
            hasLog: false),
        Expected(
            name: "no-suitable-node", reason: .noSuitableNode,
            error: "no suitable node (scheduling constraints not satisfied on 3 nodes)", hasNode: false,
            hasLog: false),
        Expected(name: "unhealthy", reason: .unhealthy, error: "unhealthy container", exitCode: 137),
        Expected(
            name: "update-paused", reason: .updatePaused, change: .updated, act: 1,
            error: "task: non-zero exit (1)", exitCode: 1),
        Expected(
            name: "update-rolled-back", reason: .updateRolledBack, change: .updated, act: 1,
            error: "task: non-zero exit (1)", exitCode: 1),
        Expected(
            name: "update-on-no-node", reason: .noSuitableNode, change: .updated, act: 1,
            error: "no suitable node (scheduling constraints not satisfied on 3 nodes)", hasNode: false,
            hasLog: false),
    ]

    @Test("a service that fails is told with its cause", arguments: failures)
    func fails(expected: Expected) throws {
        let (verdict, _) = try VerdictRecording(expected.name).play(expected.change, fromAct: expected.act)
        guard case .failed(let failures) = verdict.outcome else {
            Issue.record("the outcome is \(verdict.outcome), \(verdict.services)")
            return
        }
        let failure = try #require(failures.first)
        #expect(failure.reason == expected.reason)
        if let error = expected.error { #expect(failure.taskError?.contains(error) == true, "\(failure)") }
        #expect(failure.exitCode == expected.exitCode)
        #expect((failure.node != nil) == expected.hasNode)
        #expect(failure.node.map { ["h1", "h2", "h3"].contains($0) } ?? true)
        #expect((failure.taskID != nil) == expected.hasLog)
        #expect(verdict.logRequests.count == (expected.hasLog ? 1 : 0))
    }

    @Test("a service that is never healthy fails when the time is over, and says how far it got")
    func timesOut() throws {
        let recording = try VerdictRecording("never-healthy")
        let (verdict, milliseconds) = try recording.play(.created, timeout: .seconds(12))
        let failure = try #require(verdict.failures.first)
        #expect(failure.reason == .timeout)
        #expect(failure.message.contains("0 of 1 tasks"))
        #expect(failure.message.contains("starting"))
        #expect(milliseconds >= 12_000)
    }

    @Test("what was not changed and runs is judged at the first look")
    func isImmediate() throws {
        let recording = try VerdictRecording("healthy")
        let last = try #require(recording.ticks.last)
        let (verdict, milliseconds) = try recording.play(.unchanged, from: last.until, to: last.until)
        #expect(verdict.outcome == .succeeded)
        #expect(milliseconds == 0)
    }

    @Test("a stack that crashes since long, deployed again without changes, has failed")
    func staysBroken() throws {
        let recording = try VerdictRecording("crash-loop")
        let first = try #require(recording.ticks.first { !$0.tasks.isEmpty })
        let (verdict, _) = try recording.play(
            .unchanged, from: first.at + 2000, to: try #require(recording.ticks.last).until)
        #expect(verdict.failures.map(\.reason) == [.crashLoop])
    }
}
