import RoadsteadBasics
import Testing

@testable import RoadsteadCLI

@Suite struct JobOutcomeTests {
    private static let crashed = document(
        """
        {"state":"FAILED","status-message":"deployment failed","verdict":{"outcome":"failed","message":"1 of 2 services failed",
         "services":[],"failures":[{"service":"db","reason":"crash-loop","message":"exits again and again",
          "error":"task: non-zero exit (3)","exit-code":3,"node":"node-2","task":"db.1","log":["FATAL: no password","bye"]}]}}
        """)

    @Test("a failed deployment tells service, cause, exit code, node and last log lines")
    func failure() {
        let outcome = JobOutcome.make(Self.crashed, title: "shop", style: .plain)
        #expect(outcome.status == .failed)
        #expect(
            outcome.lines == [
                "roadstead: shop: 1 service failed", "✗ service db: crash loop", "    what: exits again and again",
                "    error: task: non-zero exit (3)", "    exit code: 3", "    node: node-2", "    task: db.1",
                "    last log lines:", "      | FATAL: no password", "      | bye",
            ])
    }

    @Test(
        "the exit status follows the outcome",
        arguments: [
            (#"{"state":"SUCCESS"}"#, CommandStatus.success), (#"{"state":"CANCELED"}"#, .cancelled),
            (#"{"state":"FAILED","status-message":"engine away"}"#, .failed),
            (#"{"state":"FAILED","verdict":{"failures":[{"service":"a","reason":"timeout"}]}}"#, .timedOut),
            (
                #"{"state":"FAILED","verdict":{"failures":[{"service":"a","reason":"timeout"},{"service":"b","reason":"unhealthy"}]}}"#,
                .failed
            ),
            (
                #"{"state":"FAILED","verdict":{"failures":[{"service":"a","reason":"update-rolled-back"}]}}"#,
                .rolledBack
            ),
            (#"{"state":"FAILED","verdict":{"outcome":"rolled-back","failures":[{"reason":"exited"}]}}"#, .rolledBack),
            (#"{"state":"FAILED","verdict":{"outcome":"timed-out"}}"#, .timedOut),
            (#"{"state":"FAILED","verdict":{"outcome":"failed"}}"#, .failed),
        ])
    func statuses(_ job: String, _ status: CommandStatus) {
        #expect(JobOutcome.make(document(job), title: "x", style: .plain).status == status)
    }

    @Test(
        "a job that ended before it applied anything was refused, whoever did not answer",
        arguments: [
            ("update_deployment", "forbidden", "plan", CommandStatus.refused),
            ("start_deployment", "invalidInput", "plan", .refused),
            ("start_deployment", "unavailable", "plan", .refused),
            ("start_deployment", "internal", "plan", .failure),
            ("start_deployment", "notFound", "apply", .failed), ("start_deployment", "", "plan", .failed),
            ("credential_check", "forbidden", "plan", .failed),
        ])
    func untouched(_ action: String, _ code: String, _ step: String, _ status: CommandStatus) {
        let job: JSONObject = [
            "state": "FAILED", "action": .string(action), "failure-code": .string(code),
            "steps": [["name": .string(step), "state": "FAILED"]],
        ]
        #expect(JobOutcome.make(job, title: "x", style: .plain).status == status)
    }

    @Test("a failure without a verdict tells the job's own message")
    func message() {
        let job = document(#"{"state":"FAILED","status-message":"cannot reach https://10.0.0.1:2376"}"#)
        #expect(
            JobOutcome.make(job, title: "shop", style: .plain).lines
                == ["roadstead: shop: cannot reach https://10.0.0.1:2376"])
    }

    @Test("what a container logs cannot rewrite the screen")
    func safety() {
        let job = document(
            #"{"state":"FAILED","verdict":{"failures":[{"service":"a","reason":"exited","log":["x\u001b[2J"]}]}}"#)
        #expect(JobOutcome.make(job, title: "x", style: .plain).lines.allSatisfy { !$0.contains("\u{1B}") })
    }
}
