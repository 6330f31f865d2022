import RoadsteadBasics
import RoadsteadJobs
import Testing

@Suite("The life of a job's document")
struct JobStateMachineTests {
    static let start = Instant(millisecondsSinceEpoch: 1_795_348_800_000)

    private func machine(_ state: String = "QUEUED") -> JobStateMachine {
        JobStateMachine(body: ["id": "job/1", "state": .string(state), "progress": 0, "priority": 50])
    }

    @Test("Started, shown and finished: times, duration in seconds, progress and return code")
    func life() throws {
        var job = machine()
        try job.start(at: Self.start)
        #expect(job.state == .running)
        #expect(job.body["started"]?.stringValue == "2026-11-22T12:00:00.000Z")
        #expect(job.body["priority"] == nil)
        try job.progress(40, message: "making networks", at: Self.start + .seconds(1))
        #expect(job.body["progress"] == 40)
        #expect(job.body["time-of-status-change"]?.stringValue == "2026-11-22T12:00:01.000Z")
        try job.progress(250, message: "making networks", at: Self.start + .seconds(2))
        #expect(job.body["progress"] == 99)
        #expect(job.body["time-of-status-change"]?.stringValue == "2026-11-22T12:00:01.000Z")
        let end = JobEnd(state: .success, message: "all run", verdict: ["outcome": "succeeded"], returnCode: 0)
        try job.finish(end, at: Self.start + .milliseconds(61_900))
        #expect(job.body["state"] == "SUCCESS")
        #expect(job.body["progress"] == 100)
        #expect(job.body["return-code"] == 0)
        #expect(job.body["duration"] == 61)
        #expect(job.body["verdict"]?["outcome"] == "succeeded")
        #expect(job.body["status-message"] == "all run")
    }

    @Test("A job that is taken up again keeps its first start")
    func resumed() throws {
        var job = machine()
        try job.start(at: Self.start)
        try job.postpone("attempt 1 of 3 failed", at: Self.start + .seconds(1))
        #expect(job.state == .queued)
        try job.start(at: Self.start + .seconds(9))
        #expect(job.body["started"]?.stringValue == "2026-11-22T12:00:00.000Z")
        #expect(job.state == .running)
    }

    @Test("A job cancelled before its start has no duration")
    func cancelledEarly() throws {
        var job = machine()
        try job.finish(JobEnd(state: .cancelled, message: "cancelled", returnCode: 1), at: Self.start)
        #expect(job.body["duration"] == nil)
        #expect(job.body["state"] == "CANCELED")
    }

    @Test("In a final state every edit is refused", arguments: ["SUCCESS", "FAILED", "CANCELED"])
    func final(_ state: String) {
        let edits: [(inout JobStateMachine) throws -> Void] = [
            { try $0.start(at: Self.start) }, { try $0.progress(1, message: nil, at: Self.start) },
            { try $0.postpone("x", at: Self.start) }, { try $0.beginStep("x", at: Self.start) },
            { try $0.endStep("x", .success, message: nil, at: Self.start) }, { try $0.set(verdict: nil) },
            { try $0.finish(JobEnd(state: .failed, message: "x", returnCode: 1), at: Self.start) },
        ]
        for edit in edits {
            var job = machine(state)
            let before = job.body
            let error = #expect(throws: RoadsteadError.self) { try edit(&job) }
            #expect(error?.code == .conflict)
            #expect(error?.message.contains("edit is not allowed in final state") == true)
            #expect(job.body == before)
        }
    }

    @Test("Steps keep their order; one that runs again begins anew in its place; open ones end with the job")
    func steps() throws {
        var job = machine()
        try job.beginStep("plan", at: Self.start)
        try job.endStep("plan", .success, message: nil, at: Self.start + .seconds(1))
        try job.beginStep("apply", at: Self.start + .seconds(1))
        try job.endStep("apply", .failed, message: "engine gone", at: Self.start + .seconds(2))
        try job.beginStep("watch", at: Self.start + .seconds(2))
        try job.beginStep("apply", at: Self.start + .seconds(3))
        try job.describeStep("apply", "3 of 4")
        #expect(job.body["steps"]?.arrayValue?.map { $0["name"] } == ["plan", "apply", "watch"])
        #expect(
            job.body["steps"]?.arrayValue?[1] == [
                "name": "apply", "state": "RUNNING", "started": "2026-11-22T12:00:03.000Z", "message": "3 of 4",
            ])
        try job.finish(JobEnd(state: .failed, message: "no", returnCode: 7), at: Self.start + .seconds(4))
        #expect(job.body["steps"]?.arrayValue?.map { $0["state"] } == ["SUCCESS", "FAILED", "FAILED"])
        #expect(job.body["return-code"] == 7)
    }

    @Test("A message longer than 100000 characters is cut in the middle")
    func longMessage() throws {
        var job = machine()
        let long = "HEAD" + String(repeating: "é", count: 200_000) + "TAIL"
        try job.progress(1, message: long, at: Self.start)
        let kept = try #require(job.body["status-message"]?.stringValue)
        #expect(kept.unicodeScalars.count <= 100_000)
        #expect(kept.hasPrefix("HEAD") && kept.hasSuffix("TAIL"))
    }

    @Test("Only what may pass is tried again", arguments: RoadsteadError.Code.allCases)
    func policy(_ code: RoadsteadError.Code) {
        let expected: JobFailurePolicy =
            switch code {
            case .unavailable, .timeout, .conflict: .retry
            case .limitExceeded: .park
            default: .fail
            }
        #expect(JobFailurePolicy(code) == expected)
    }
}
