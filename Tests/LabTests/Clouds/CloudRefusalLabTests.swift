import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// What a cloud refuses for good, through the whole command: it ends soon, in words that name the thing and say what to do,
/// and leaves nothing. No machine is entered: nothing stands behind them.
@Suite("Refusals of clouds, as the command tells them", .serialized, .timeLimit(.minutes(5)))
struct CloudRefusalLabTests {
    private struct Case: Sendable {
        var what: String
        var arguments: [String] = []
        var key = "EXOKEY"
        var environment: [String: String] = [:]
        /// What goes wrong, at which call, how often.
        var fault: (name: String, call: String, times: Int)?
        var words: [String]
    }

    @Test("Exoscale's")
    func exoscale() async throws {
        let cases = [
            Case(
                what: "wrong secret", environment: ["EXOSCALE_API_SECRET": "hush-hush"],
                words: ["Exoscale refused the API key or its secret", "check both"]),
            Case(
                what: "no rights", key: "EXOREADER1",
                words: ["may not call", "register-ssh-key", "Documentation/exoscale.md"]),
            Case(what: "zone", arguments: ["--region", "ch-gva-9"], words: ["'ch-gva-9' is no zone of Exoscale's"]),
            Case(what: "size", arguments: ["--size", "standard.smal"], words: ["'standard.smal'", "ch-gva-2"]),
            Case(what: "near size", arguments: ["--size", "smal"], words: ["'smal'", "did you mean small?"]),
            Case(
                what: "image", arguments: ["--image", "debian-11"], words: ["'debian-11'", "debian-12", "debian-13"]),
            Case(
                what: "quota", fault: ("quota", "create-instance", 1),
                words: ["cannot make machine shop-1", "may have", "ask Exoscale for more"]),
            Case(
                what: "no room", fault: ("capacity", "create-instance", 20),
                words: ["no room for a machine of size small", "take another size"]),
        ]
        try await CloudClusterTrial.run(.exoscale, lab: nil) { try await refuses($0, cases) }
    }

    @Test("EC2's")
    func amazonEC2() async throws {
        let cases = [
            Case(
                what: "wrong secret", environment: ["AWS_SECRET_ACCESS_KEY": "hush-hush"],
                words: ["EC2 refused the access key or its secret", "check both"]),
            Case(what: "no rights", key: "AKIDREADER1", words: ["may not call", "the right ec2:", "amazonec2.md"]),
            Case(what: "zone", arguments: ["--zone", "us-east-1z"], words: ["'us-east-1z'", "us-east-1a"]),
            Case(what: "size", arguments: ["--size", "t3.smal"], words: ["'t3.smal'", "did you mean t3.small"]),
            Case(what: "image", arguments: ["--image", "debian-11"], words: ["'debian-11'", "debian-12"]),
            Case(
                what: "quota", fault: ("quota", "RunInstances", 1),
                words: ["cannot make machine shop-1", "VcpuLimitExceeded"]),
            Case(
                what: "no room", arguments: ["--zone", "us-east-1a", "--zone", "us-east-1b"],
                fault: ("capacity", "RunInstances", 20),
                words: ["no room for a machine of size small", "zone us-east-1a: ", "zone us-east-1b: "]),
        ]
        try await CloudClusterTrial.run(.amazonEC2, lab: nil) { try await refuses($0, cases) }
    }

    private func refuses(_ trial: CloudClusterTrial, _ cases: [Case]) async throws {
        for (number, refused) in cases.enumerated() {
            // An account of its own each: faults that were not used up are its own.
            let key = refused.key == "EXOKEY" ? "EXOKEY\(number)" : refused.key
            if let fault = refused.fault {
                for _ in 0..<fault.times { try await trial.double.inject(fault.name, fault.call, key: key) }
            }
            let create = ["cluster", "create", "shop", "--driver", trial.cloud.driver]
            let told = try await trial.cli(
                create + refused.arguments + ["--yes"], key: key, environment: refused.environment)
            #expect(told.status != 0, "\(refused.what): \(told.transcript)")
            for word in refused.words {
                #expect(told.errors.contains(word), "\(refused.what): \(told.transcript)")
            }
            #expect(!told.transcript.contains("hush"), "\(refused.what)")
            let cluster = try await trial.identifier()
            let undone = try await trial.cli(["cluster", "create", "shop", "--undo", "--yes"], key: key)
            #expect(
                refused.what == "wrong secret" || undone.status == 0, "\(refused.what): \(undone.transcript)")
            #expect(try await trial.things(of: cluster) == [:], "\(refused.what)")
            if undone.status != 0 { try await trial.expect(0, "cluster", "rm", "shop") }
        }
    }
}
